// A real VS Code without a screen: code-server with a profile of its own on a free port of this machine, its
// workbench in headless Chromium, and what a person does there as functions.
//
// run.sh gives the tools by environment: CODE_SERVER, CHROMIUM, VSIX, APIM_POLICY, and SCREENSHOTS_TO, the folder of
// the pictures, when they are wanted.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const PATIENCE_MS = 20_000;
const STOP_MS = 5_000;

export const SERVER = { 'apimPolicy.server.command': process.env.APIM_POLICY.split(/\s+/) };

const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.fontFamily': "'JetBrains Mono', monospace",
  'editor.fontSize': 13,
  'editor.hover.delay': 100,
  'editor.links': false,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.stickyScroll.enabled': false,
  'editor.wordWrap': 'on',
  'explorer.compactFolders': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'files.autoSave': 'off',
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.colorTheme': 'Light Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Calls the probe until it gives something true, and gives that. */
export async function until(what, probe, patience = PATIENCE_MS) {
  for (const end = Date.now() + patience; Date.now() < end; await pause(50)) {
    const value = await probe();
    if (value) return value;
  }
  throw new Error(`waited in vain: ${what}`);
}

async function freePort() {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => listener.once('listening', ready));
  const { port } = listener.address();
  await new Promise((closed) => listener.close(closed));
  return port;
}

export class Workbench {
  #home = fs.mkdtempSync(path.join(os.tmpdir(), 'apim-policy-vscode-'));
  #server;
  #browser;
  page;

  /** Copies the folders given ({ name in the workspace: folder }) and opens the workspace with the file shown. */
  async start(folders, file) {
    fs.mkdirSync(this.path());
    for (const [name, folder] of Object.entries(folders)) {
      fs.cpSync(folder, this.path(name), { recursive: true });
    }
    this.#write('User', SETTINGS);
    this.configure(SERVER);
    fs.writeFileSync(path.join(this.#home, 'config.yaml'), '');

    const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', XDG_DATA_HOME: path.join(this.#home, 'share') };
    const options = { env };
    const profile = [
      process.env.CODE_SERVER,
      ...['--config', path.join(this.#home, 'config.yaml')],
      ...['--user-data-dir', path.join(this.#home, 'data')],
      ...['--extensions-dir', path.join(this.#home, 'extensions')],
    ];
    execFileSync(process.execPath, [...profile, '--install-extension', process.env.VSIX], { ...options, stdio: 'pipe' });

    const port = await freePort();
    const log = fs.openSync(path.join(this.#home, 'code-server.log'), 'w');
    const quiet = ['--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'];
    this.#server = spawn(process.execPath, [...profile, ...quiet, '--bind-addr', `127.0.0.1:${port}`], {
      ...options,
      stdio: ['ignore', log, log],
      // A process group of its own, so that the extension host and the language server end with it.
      detached: true,
    });
    const origin = `http://127.0.0.1:${port}`;
    await until('code-server answers', () => fetch(`${origin}/healthz`).then((answer) => answer.ok, () => false));

    this.#browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      // Playwright's handlers would keep this process alive after a signal; stop() does what they do.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-sync',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    });
    this.page = await this.#browser.newPage({ viewport: { width: 1400, height: 720 }, deviceScaleFactor: 2 });
    this.page.setDefaultTimeout(PATIENCE_MS);
    const shown = `vscode-remote://127.0.0.1:${port}${this.path(file)}`;
    const query = new URLSearchParams({ folder: this.path(), payload: JSON.stringify([['openFile', shown]]) });
    await this.page.goto(`${origin}/?${query}`, { waitUntil: 'domcontentloaded' });
    await this.page.addStyleTag({ content: '.monaco-workbench { font-family: Inter, sans-serif !important; }' });
    await this.editor(0).locator('.view-line').first().waitFor({ timeout: 2 * PATIENCE_MS });
  }

  async stop() {
    await this.#browser?.close().catch(() => undefined);
    if (this.#server && this.#server.exitCode === null) {
      const gone = new Promise((exited) => this.#server.once('exit', exited));
      this.#signal('SIGTERM');
      await Promise.race([gone, pause(STOP_MS)]);
      this.#signal('SIGKILL');
    }
    fs.rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  #signal(name) {
    try {
      process.kill(-this.#server.pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }

  /** For a failure: what the server wrote, and in a folder a picture and the logs of all processes. */
  async explain(folder) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    await this.page?.screenshot({ path: path.join(folder, 'failure.png'), timeout: STOP_MS }).catch(() => undefined);
    for (const log of fs.globSync(path.join(this.#home, '**/*.log'))) {
      fs.copyFileSync(log, path.join(folder, path.basename(log)));
      if (!log.endsWith('APIM Policy.log')) continue;
      console.log(`-- the output of the server:\n${fs.readFileSync(log, 'utf8').slice(-2_000)}`);
    }
    console.log(`-- a picture and all logs are in ${folder}`);
  }

  // The workspace --------------------------------------------------------------------------------------------------

  path(...parts) {
    return path.join(this.#home, 'orders-mcp', ...parts);
  }

  read(file) {
    return fs.readFileSync(this.path(file), 'utf8');
  }

  /** Says how the server is run. A setting of the machine, which VS Code does not take from those of the user. */
  configure(settings) {
    this.#write('Machine', settings);
  }

  #write(level, settings) {
    const folder = path.join(this.#home, 'data', level);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
  }

  // What there is to see -------------------------------------------------------------------------------------------

  editor(group) {
    return this.page.locator('.editor-group-container').nth(group).locator('.editor-instance .monaco-editor').first();
  }

  line(group, text) {
    return this.editor(group).locator('.view-line', { hasText: text }).first();
  }

  squiggle(group) {
    return this.editor(group).locator('.squiggly-warning, .squiggly-info').first();
  }

  statusItem(text) {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  get problems() {
    return this.page.locator('.markers-panel');
  }

  problem(text) {
    return this.problems.locator('.monaco-list-row', { hasText: text }).first();
  }

  // What a person does ---------------------------------------------------------------------------------------------

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Runs a command by its title. */
  async command(title) {
    await this.#pick('F1', title, [title], 'Enter');
  }

  /** Opens a file of the workspace by its path, with Ctrl+Enter beside the one that is shown. */
  async open(file, key = 'Enter') {
    await this.#pick('Control+P', file, [path.basename(file), path.dirname(file)], key);
  }

  async #pick(opener, typed, shown, key) {
    const box = this.page.locator('.quick-input-widget input[type="text"]').first();
    await until(`the box that ${opener} opens`, async () => {
      await this.press(opener);
      return box.waitFor({ timeout: 2_000 }).then(() => true, () => false);
    });
    await box.pressSequentially(typed);
    // The list of before the typing, with its own first row, may still stand.
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused');
    await shown.reduce((rows, hasText) => rows.filter({ hasText }), row).first().waitFor();
    await this.press(key);
    await box.waitFor({ state: 'hidden' });
  }

  async showProblems() {
    if (!(await this.problems.isVisible())) await this.press('Control+Shift+M');
    await this.problems.waitFor();
  }

  async hideProblems() {
    if (await this.problems.isVisible()) await this.press('Control+J');
    await this.problems.waitFor({ state: 'hidden' });
  }

  /** The menu of Ctrl+. at the caret, opened. */
  async quickFixes() {
    const menu = this.page.locator('.action-widget');
    // While another widget closes the first press may be lost.
    await until('the menu of Ctrl+.', async () => {
      await this.press('Control+.');
      return menu.locator('.monaco-list-row').first().waitFor({ timeout: 3_000 }).then(() => true, () => false);
    });
    return menu;
  }

  async saveAll() {
    await this.command('File: Save All');
    await this.page.locator('.tab.dirty').first().waitFor({ state: 'detached' });
  }

  async toggleSideBar() {
    const sideBar = this.page.locator('.part.sidebar');
    const shown = await sideBar.isVisible();
    await this.press('Control+B');
    await sideBar.waitFor({ state: shown ? 'hidden' : 'visible' });
  }

  /** A picture for the documentation, when pictures are wanted. */
  async picture(name) {
    const folder = process.env.SCREENSHOTS_TO;
    if (!folder) return;
    fs.mkdirSync(folder, { recursive: true });
    // Animations come to rest.
    await pause(400);
    await this.page.screenshot({ path: path.join(folder, `${name}.png`), caret: 'hide' });
  }
}
