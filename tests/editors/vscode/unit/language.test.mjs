// The language configuration: what Enter does, and how a line is indented.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const file = path.join(import.meta.dirname, '../../../../client-config/vscode/language-configuration.json');
const { onEnterRules, indentationRules, wordPattern } = JSON.parse(fs.readFileSync(file, 'utf8'));

/** What Enter does at the mark `¦`: the indentation of the first rule that fits. */
function enter(marked) {
  const [before, after] = marked.split('¦');
  const rule = onEnterRules.find(
    ({ beforeText, afterText }) => new RegExp(beforeText).test(before) && (!afterText || new RegExp(afterText).test(after)),
  );
  return rule?.action.indent ?? 'none';
}

for (const [marked, indent] of [
  ['<inbound>¦', 'indent'],
  ['    <set-header name="X" exists-action="override">¦', 'indent'],
  ['<when condition="@(a > b && c < d)">¦', 'indent'],
  ['<inbound>¦</inbound>', 'indentOutdent'],
  ['<when condition="@(context.Variables.ContainsKey("x"))">¦</when>', 'indentOutdent'],
  ['value="@{¦}"', 'indentOutdent'],
  ['<base />¦', 'none'],
  ['<value>text</value>¦', 'none'],
  ['<claim name="roles" match="any"></claim>¦', 'none'],
  ['</inbound>¦', 'none'],
  ['<!-- a note -->¦', 'none'],
  ['<?xml version="1.0"?>¦', 'none'],
  ['some text¦', 'none'],
]) {
  test(`Enter in ${marked}: ${indent}`, () => assert.equal(enter(marked), indent));
}

const increases = new RegExp(indentationRules.increaseIndentPattern);
for (const [line, expected] of [
  ['<inbound>', true],
  ['  <set-header name="X">', true],
  ['<set-body>@{', true],
  ['    if (a) {', true],
  ['<base />', false],
  ['<value>x</value>', false],
  ['<claim name="roles"></claim>', false],
  ['text', false],
]) {
  test(`the line after "${line}" is ${expected ? '' : 'not '}indented further`, () => assert.equal(increases.test(line), expected));
}

test('a tag of very many attributes takes no long time', () => {
  assert.equal(increases.test('<a ' + 'b="c" '.repeat(50_000)), false);
});

test('the name of a policy is one word', () => {
  assert.deepEqual('<set-header name="X">'.match(new RegExp(wordPattern, 'g')), ['set-header', 'name', 'X']);
});
