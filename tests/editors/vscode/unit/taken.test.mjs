import assert from 'node:assert/strict';
import { test } from 'node:test';
import { label, sentence } from '../../../../client-config/vscode/src/taken.ts';

const NOTHING = {
  file: 'policy.xml',
  scope: 'unknown',
  workspace: null,
  product: null,
  api: null,
  operation: null,
  fragment: null,
  mcp: null,
  confidence: 'stated',
  evidence: [],
};

const labels = [
  [{ scope: 'mcp', api: 'orders-mcp' }, 'MCP server orders-mcp'],
  [{ scope: 'mcp', api: 'orders-mcp', confidence: 'assumed' }, 'MCP server orders-mcp (assumed)'],
  [{ scope: 'api', api: 'orders-api' }, 'API orders-api'],
  [{ scope: 'operation', api: 'orders-api', operation: 'get-order' }, 'Operation get-order of orders-api'],
  [{ scope: 'product', product: 'gold' }, 'Product gold'],
  [{ scope: 'workspace', workspace: 'retail' }, 'Workspace retail'],
  [{ scope: 'fragment', fragment: 'name-the-caller' }, 'Fragment name-the-caller'],
  [{ scope: 'fragment' }, 'Fragment'],
  [{ scope: 'global' }, 'All APIs'],
  [{ scope: 'resolver' }, 'GraphQL resolver'],
  [{ confidence: 'none' }, 'Policy, scope unknown'],
];
for (const [info, text] of labels) {
  test(`the status bar says: ${text}`, () => assert.equal(label({ ...NOTHING, ...info }), text));
}

const sentences = [
  [
    { scope: 'mcp', api: 'orders-mcp', mcp: { kind: 'rest-backed', tools_from: ['orders-api', 'stock-api'] } },
    'Taken for: MCP server orders-mcp, rest-backed, with tools from orders-api, stock-api. Stated by:',
  ],
  [{ scope: 'mcp', mcp: { kind: null, tools_from: [] }, confidence: 'assumed' }, 'Taken for: MCP server. Assumed from:'],
  [{ scope: 'api', api: 'orders-api' }, 'Taken for: API orders-api. Stated by:'],
  [{ confidence: 'none' }, 'Nothing says where this policy applies.'],
];
for (const [info, text] of sentences) {
  test(`the tooltip says: ${text}`, () => assert.equal(sentence({ ...NOTHING, ...info }), text));
}
