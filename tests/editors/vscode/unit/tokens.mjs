// The extension's grammar, run by the engine that VS Code uses, with VS Code's own grammar for C#.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const GRAMMAR = path.join(import.meta.dirname, '../../../../client-config/vscode/syntaxes/apim-policy.tmLanguage.json');
const SCOPES = {
  'text.xml.apim-policy': GRAMMAR,
  'source.cs': process.env.CSHARP_GRAMMAR,
};

if (!fs.existsSync(SCOPES['source.cs'] ?? '')) throw new Error('CSHARP_GRAMMAR names no file; run.sh sets it');

const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
await oniguruma.loadWASM(fs.readFileSync(wasm));

const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => {
    const file = SCOPES[scope];
    return file ? textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file) : null;
  },
});
const grammar = await registry.loadGrammar('text.xml.apim-policy');

/** The tokens of a text, as { text, scopes } in order. */
export function tokens(source) {
  let state = textmate.INITIAL;
  return source.split(/\r?\n/).flatMap((line) => {
    const answer = grammar.tokenizeLine(line, state);
    state = answer.ruleStack;
    return answer.tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes }));
  });
}

/** The scopes of the character at the mark `¦`, which stands before it and is no part of the text. */
export function scopesAtMark(marked) {
  const [before, after] = marked.split('¦');
  if (after === undefined) throw new Error('no mark in the text');
  const line = before.split('\n').length - 1;
  const column = before.length - before.lastIndexOf('\n') - 1;
  let state = textmate.INITIAL;
  const lines = (before + after).split('\n');
  for (let index = 0; index < line; index += 1) state = grammar.tokenizeLine(lines[index], state).ruleStack;
  const answer = grammar.tokenizeLine(lines[line], state);
  return answer.tokens.find(({ startIndex, endIndex }) => startIndex <= column && column < endIndex).scopes;
}
