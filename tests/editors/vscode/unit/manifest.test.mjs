// What the manifest of the extension promises has to be there, and be told to its users.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { policyRoot } from '../../../../client-config/vscode/src/root.ts';

const extension = path.join(import.meta.dirname, '../../../../client-config/vscode');
const read = (file) => fs.readFileSync(path.join(extension, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { languages, configuration, commands } = manifest.contributes;

test('a first line is a policy just when its root element says so', () => {
  const firstLine = new RegExp(languages[0].firstLine);
  for (const line of ['<policies>', '\uFEFF<fragment>', '  <sql-data-source>', '<policies', '<policies-of-ours>', '<catalogue>', 'text']) {
    assert.equal(firstLine.test(line), policyRoot(`${line}\n`) !== undefined, line);
  }
});

test('the README tells each setting and each command', () => {
  const readme = read('README.md');
  for (const setting of Object.keys(configuration.properties)) assert.ok(readme.includes(`\`${setting}\``), setting);
  for (const { category, title } of commands) assert.ok(readme.includes(`${category}: ${title}`), title);
});

test('each setting and each command is one that the extension handles', () => {
  const source = fs.globSync('src/*.ts', { cwd: extension }).map(read).join('\n');
  for (const { command } of commands) assert.ok(source.includes(`registerCommand('${command}'`), command);
  for (const setting of Object.keys(configuration.properties)) {
    // The client library itself reads the setting of its trace.
    if (setting.endsWith('.trace.server')) continue;
    assert.ok(source.includes(setting.split('.').slice(1).join('.')), setting);
  }
});

test('the settings handed to the server are those that it reads', () => {
  const [, handed] = /\[((?:'\w+',? ?)+)\]\.map\(\(key\)/.exec(read('src/server.ts'));
  const reader = fs.readFileSync(path.join(extension, '../../server/apim_policy/lsp/configuration.py'), 'utf8');
  const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name).sort();
  assert.deepEqual(names(handed, /'(\w+)'/g), names(reader, /\.get\("(\w+)"\)/g));
});

test('the version is that of the server', () => {
  const server = fs.readFileSync(path.join(extension, '../../server/apim_policy/__init__.py'), 'utf8');
  assert.equal(manifest.version, /__version__ = "([^"]+)"/.exec(server)[1]);
});
