// The founding case as a person meets it: findings in two files, the relay applied to both, and undone.
import assert from 'node:assert/strict';
import path from 'node:path';
import { main, step } from './steps.mjs';
import { SERVER, until, Workbench } from './workbench.mjs';

const MCP = 'apis/orders-mcp/policy.xml';
const API = 'apis/orders-api/policy.xml';
const KEY = 'Ocp-Apim-Subscription-Key';
const HEADER_LINE = 'set-header name="Authorization"';

const code = new Workbench();

async function test() {
  await step('VS Code starts with the extension', () =>
    code.start({ '.': process.env.SAMPLE, notes: path.join(import.meta.dirname, '../samples') }, MCP),
  );
  const before = { [MCP]: code.read(MCP), [API]: code.read(API) };

  await step('the MCP server\'s policy has the language APIM Policy', () => code.statusItem(/^APIM Policy$/).waitFor());
  await step('the status bar says what the file was taken for', () => code.statusItem('MCP server orders-mcp').waitFor());
  await step('the server asks once what the gateway forwards', async () => {
    const question = code.page.locator('.notification-toast', { hasText: 'Does your gateway forward' });
    await question.locator('.monaco-button', { hasText: 'I do not know' }).click();
    await question.waitFor({ state: 'detached' });
  });
  await step('the header that is lost has a squiggle', () => code.squiggle(0).waitFor());
  await step('the hover on it shows MCP001', hoverShowsFinding);

  await code.toggleSideBar();
  await step('the API\'s policy, opened beside it, has one too', async () => {
    await code.open(API, 'Control+Enter');
    await code.squiggle(1).waitFor();
  });
  await step('the Problems panel shows MCP001 and MCP002', bothFindingsAreListed);
  await code.hideProblems();

  await step('Ctrl+. offers the relay', async () => {
    await code.press('Control+1');
    await code.line(0, HEADER_LINE).click({ position: { x: 150, y: 8 } });
    const menu = await code.quickFixes();
    const relay = menu.locator('.monaco-list-row', { hasText: 'Relay' }).first();
    await relay.waitFor();
    await relay.hover();
    await code.picture('quick-fix');
    await relay.click();
  });
  await step('both files hold the relay', async () => {
    await code.line(0, KEY).waitFor();
    await code.line(1, KEY).waitFor();
    await code.saveAll();
    for (const file of [MCP, API]) assert.ok(code.read(file).includes(KEY), `no relay in ${file}`);
    assert.ok(code.read(MCP).includes(HEADER_LINE), 'the header that was set is no longer set');
  });
  await step('MCP001 and MCP002 are gone', async () => {
    await code.showProblems();
    for (const rule of ['MCP001', 'MCP002']) await code.problem(rule).waitFor({ state: 'detached' });
    await code.hideProblems();
    await code.picture('relay-applied');
  });

  await step('undo brings both files back', async () => {
    await code.press('Control+1');
    await code.line(0, HEADER_LINE).click({ position: { x: 150, y: 8 } });
    await code.press('Control+Z');
    // Older versions of VS Code ask first whether to undo in all files.
    const question = code.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Undo in 2 Files' });
    await until('both editors show the text from before', async () => {
      if (await question.isVisible()) await question.click();
      return (await code.line(0, KEY).count()) + (await code.line(1, KEY).count()) === 0;
    });
    await code.saveAll();
    for (const file of [MCP, API]) assert.equal(code.read(file), before[file], `${file} is not as it was`);
  });
  await step('MCP001 and MCP002 are back', bothFindingsAreListed);
  await code.hideProblems();

  await step('members are proposed inside an expression while it is typed', async () => {
    await code.open(MCP);
    await code.line(0, HEADER_LINE).click({ position: { x: 150, y: 8 } });
    await code.press('End', 'Enter');
    await code.page.keyboard.type('<value>@(context.Request.', { delay: 30 });
    const proposed = code.page.locator('.suggest-widget .monaco-list-row');
    await proposed.filter({ hasText: 'MatchedParameters' }).first().waitFor();
    await code.picture('completion');
    await code.page.keyboard.type('Headers.GetV', { delay: 30 });
    await proposed.filter({ hasText: 'GetValueOrDefault' }).first().waitFor();
    await code.press('Tab', 'Control+Shift+Space');
    await code.page.locator('.parameter-hints-widget', { hasText: 'GetValueOrDefault(' }).waitFor();
    await code.press('Escape', 'Escape');
    await code.command('File: Revert File');
    await code.squiggle(0).waitFor();
  });

  await step('a policy of another name is known by its root element', async () => {
    await code.open('notes/exported.xml');
    await code.line(0, 'Exported by a script').waitFor();
    await code.statusItem(/^APIM Policy$/).waitFor();
  });
  await step('a document of another kind stays XML', async () => {
    await code.open('notes/ordinary.xml');
    await code.line(0, 'in this comment only').waitFor();
    await code.statusItem(/^XML$/).waitFor();
  });

  await step('the server can be restarted', async () => {
    await code.open(MCP);
    await code.squiggle(0).waitFor();
    await code.command('APIM Policy: Restart Server');
    await code.command('APIM Policy: Show Output');
    const starts = code.page.locator('.part.panel .view-line', { hasText: 'Starting' });
    await until('a second start in the output', async () => (await starts.count()) === 2);
    await code.press('Control+J');
    await code.squiggle(0).waitFor();
  });
  await step('a server that is not there is told, with what can be done', async () => {
    code.configure({ 'apimPolicy.server.command': ['/nowhere/apim-policy'] });
    const message = code.page.locator('.notification-toast', { hasText: 'names "/nowhere/apim-policy"' });
    await message.locator('.monaco-button', { hasText: 'Open Settings' }).waitFor();
    await code.statusItem('no server').waitFor();
  });
  await step('once it is there, it is started', async () => {
    code.configure(SERVER);
    await code.statusItem('MCP server orders-mcp').waitFor();
    await code.squiggle(0).waitFor();
  });
}

async function hoverShowsFinding() {
  const { x, y, width, height } = await code.squiggle(0).boundingBox();
  const hover = code.page.locator('.monaco-hover', { hasText: 'MCP001' }).first();
  await until('the hover', async () => {
    await code.page.mouse.move(x + width / 2 + 60, y + height + 200);
    await code.page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
    return hover.waitFor({ timeout: 2_000 }).then(() => true, () => false);
  });
  await code.picture('finding');
}

async function bothFindingsAreListed() {
  await code.showProblems();
  for (const rule of ['MCP001', 'MCP002']) await code.problem(rule).waitFor();
}

await main(test, {
  limit: 240_000,
  cleanUp: () => code.stop(),
  onFailure: () => code.explain(process.env.FAILURES_TO),
});
