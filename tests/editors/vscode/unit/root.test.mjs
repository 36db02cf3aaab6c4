import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyRoot } from '../../../../client-config/vscode/src/root.ts';

const policies = {
  'the plain form': ['<policies>\n  <inbound />', 'policies'],
  'a fragment': ['<fragment>', 'fragment'],
  'a resolver': ['<http-data-source>', 'http-data-source'],
  'a database behind a resolver': ['<cosmosdb-data-source>', 'cosmosdb-data-source'],
  'an empty root': ['<policies/>', 'policies'],
  'attributes at the root': ['<policies xmlns:x="urn:x">', 'policies'],
  'a byte order mark': ['\uFEFF<policies>', 'policies'],
  'an XML declaration': ['<?xml version="1.0"?>\r\n<policies>', 'policies'],
  'comments before the root': ['<!-- a --><!-- <other> -->\n\n<fragment >', 'fragment'],
  'a comment that names another root': ['<!-- <catalogue> -->\n<policies>', 'policies'],
};

const others = {
  'another root': '<catalogue><policies/></catalogue>',
  'a policy below a comment and another root': '<!-- a --><catalogue/><!-- b --><policies>',
  'a name that only begins like one': '<policies-of-the-house>',
  'a prefixed name': '<fragment:ModelFragments>',
  'a layout of Android': '<fragment xmlns:android="http://schemas.android.com/apk/res/android">',
  'a manifest of Eclipse': '<?xml version="1.0"?><?eclipse version="3.4"?><fragment>',
  'a comment without end': '<!-- <policies>',
  'a declaration without end': '<?xml <policies>',
  'a text before the root': 'see <policies>',
  'an empty document': '',
  'only a mark': '\uFEFF  \n',
};

for (const [what, [text, root]] of Object.entries(policies)) {
  test(`a policy: ${what}`, () => assert.equal(policyRoot(text), root));
}
for (const [what, text] of Object.entries(others)) {
  test(`no policy: ${what}`, () => assert.equal(policyRoot(text), undefined));
}

test('a long run of comments takes no long time', () => {
  assert.equal(policyRoot('<!-- a -->'.repeat(20_000) + '<policies>'), 'policies');
  assert.equal(policyRoot('<!-- a '.repeat(20_000)), undefined);
});
