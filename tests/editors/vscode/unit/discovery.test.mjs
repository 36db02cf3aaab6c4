import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discover } from '../../../../client-config/vscode/src/discovery.ts';

/** A machine on which only the files named can be run. */
function machine(files, changes = {}) {
  return {
    setting: null,
    folders: ['/work/shop', '/work/tools'],
    trusted: true,
    home: '/home/ann',
    env: { PATH: '/usr/bin:/opt/bin' },
    windows: false,
    isExecutable: (file) => files.includes(file),
    ...changes,
  };
}

const EVERYWHERE = ['/work/shop/.venv/bin/apim-policy', '/work/shop/venv/bin/apim-policy', '/opt/bin/apim-policy'];

const finds = {
  'the virtual environment before PATH': [machine(EVERYWHERE), '/work/shop/.venv/bin/apim-policy', []],
  'venv where there is no .venv': [machine(EVERYWHERE.slice(1)), '/work/shop/venv/bin/apim-policy', []],
  'the environment of another folder of the workspace': [
    machine(['/work/tools/.venv/bin/apim-policy']),
    '/work/tools/.venv/bin/apim-policy',
    [],
  ],
  'PATH at last': [machine(EVERYWHERE.slice(2)), '/opt/bin/apim-policy', []],
  'PATH only in a workspace that is not trusted': [machine(EVERYWHERE, { trusted: false }), '/opt/bin/apim-policy', []],
  'the setting before all': [machine([...EVERYWHERE, '/srv/apim'], { setting: '/srv/apim' }), '/srv/apim', []],
  'a path with a blank in the setting': [machine(['/srv/my tools/apim'], { setting: '/srv/my tools/apim' }), '/srv/my tools/apim', []],
  'a command on PATH in the setting': [machine(['/usr/bin/uvx'], { setting: ['uvx', 'apim-policy'] }), '/usr/bin/uvx', ['apim-policy']],
  'a path from the workspace in the setting': [machine(['/work/shop/bin/apim'], { setting: 'bin/apim' }), '/work/shop/bin/apim', []],
  'the home folder in the setting': [machine(['/home/ann/bin/apim'], { setting: '~/bin/apim' }), '/home/ann/bin/apim', []],
  'the folder of the workspace in the setting': [
    machine(['/usr/bin/python3'], { setting: ['python3', '${workspaceFolder}/apim.py'] }),
    '/usr/bin/python3',
    ['/work/shop/apim.py'],
  ],
  'the default for an empty setting': [machine(EVERYWHERE, { setting: '' }), '/work/shop/.venv/bin/apim-policy', []],
  'nothing relative on PATH': [machine(['bin/apim-policy', '/opt/bin/apim-policy'], { env: { PATH: 'bin::/opt/bin' } }), '/opt/bin/apim-policy', []],
};

for (const [what, [around, command, args]] of Object.entries(finds)) {
  test(`finds ${what}`, () => {
    const found = discover(around);
    assert.equal(found.found, true, found.problem);
    assert.deepEqual([found.command, found.args], [command, [...args, 'lsp']]);
  });
}

const problems = {
  'nothing is found': [machine([]), /not found: neither in a virtual environment.*nor on PATH.*pip install apim-policy/],
  'nothing is on PATH and the workspace is not trusted': [machine(EVERYWHERE.slice(0, 2), { trusted: false }), /not on PATH.*not trusted/],
  'the setting names nothing': [machine(EVERYWHERE, { setting: '/srv/gone' }), /"apimPolicy.server.command" names "\/srv\/gone"/],
  'the setting is a list of no words': [machine(EVERYWHERE, { setting: [] }), /has to be a command, or a list/],
  'the setting holds a number': [machine(EVERYWHERE, { setting: ['uvx', 3] }), /has to be a command, or a list/],
};

for (const [what, [around, message]] of Object.entries(problems)) {
  test(`says so when ${what}`, () => {
    const found = discover(around);
    assert.equal(found.found, false);
    assert.match(found.problem, message);
  });
}
