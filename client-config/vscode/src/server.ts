// The language server as a process: found, started, restarted, and what to say when that fails.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';
import { discover, type Discovery } from './discovery.ts';

export const LANGUAGE = 'apim-policy';
const SETTING = 'apimPolicy.server.command';
const STOP_MS = 3000;
// After so many restarts within three minutes the server is left alone.
const RESTARTS = 4;

export type ServerState = 'stopped' | 'starting' | 'running' | 'missing' | 'failed';

/** Leaves it to Server to tell, once and with what can be done about it, that a server did not come up. */
class Client extends LanguageClient {
  up = false;

  override error(message: string, data?: unknown, show?: boolean | 'force'): void {
    super.error(message, data, this.up ? show : false);
  }
}

export class Server implements vscode.Disposable {
  readonly #output: vscode.OutputChannel;
  readonly #changed = new vscode.EventEmitter<ServerState>();
  #client: LanguageClient | undefined;
  #state: ServerState = 'stopped';
  #wanted = false;
  #queue: Promise<void> = Promise.resolve();

  readonly onDidChangeState = this.#changed.event;

  constructor(output: vscode.OutputChannel) {
    this.#output = output;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Whether it was ever asked to start. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** Stops what runs and starts anew, with the server looked for again. Calls wait for one another. */
  restart(): Promise<void> {
    this.#wanted = true;
    this.#queue = this.#queue.then(async () => {
      await this.#stop();
      await this.#start();
    });
    return this.#queue;
  }

  stop(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#stop());
    return this.#queue;
  }

  /** The answer to a request, or undefined when no server runs. */
  async request<Answer>(method: string, params: object): Promise<Answer | undefined> {
    if (this.#client === undefined || this.#state !== 'running') return undefined;
    return this.#client.sendRequest<Answer>(method, params);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #start(): Promise<void> {
    const found = look();
    if (!found.found) {
      this.#output.appendLine(found.problem);
      this.#become('missing');
      void this.#offerHelp(found.problem);
      return;
    }
    const { command, origin } = found;
    const args = [...found.args];
    this.#output.appendLine(`Starting ${[command, ...args].join(' ')} (from ${origin})`);
    this.#become('starting');
    const cwd = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
    const client: Client = new Client(
      'apimPolicy',
      'APIM Policy',
      { command, args, options: cwd === undefined ? {} : { cwd } },
      {
        documentSelector: [
          { language: LANGUAGE, scheme: 'file' },
          { language: LANGUAGE, scheme: 'untitled' },
        ],
        initializationOptions: serverSettings,
        outputChannel: this.#output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        // One that did not come up would not come up the next time either.
        errorHandler: {
          error: (...cause) => (client.up ? restarting.error(...cause) : { action: ErrorAction.Continue }),
          closed: () => (client.up ? restarting.closed() : { action: CloseAction.DoNotRestart }),
        },
        initializationFailedHandler: () => false,
      },
    );
    const restarting = client.createDefaultErrorHandler(RESTARTS);
    this.#client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.#client !== client) return;
      client.up ||= newState === State.Running;
      if (newState === State.Running) this.#become('running');
      else if (newState === State.Starting) this.#become('starting');
      else this.#become(this.#state === 'starting' ? 'failed' : 'stopped');
    });
    try {
      await client.start();
      // It also returns when the server ended before it answered.
      if (!client.isRunning()) throw new Error('the server ended');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#output.appendLine(`The server did not start: ${reason}`);
      this.#become('failed');
      void this.#offerHelp(`The language server "${command}" (from ${origin}) did not start. The output says why.`);
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    this.#become('stopped');
    // A client whose server never came up refuses to be stopped.
    await client.dispose(STOP_MS).catch(() => undefined);
  }

  #become(state: ServerState): void {
    this.#state = state;
    this.#changed.fire(state);
  }

  async #offerHelp(problem: string): Promise<void> {
    const select = 'Select Executable…';
    const settings = 'Open Settings';
    const output = 'Show Output';
    const answer = await vscode.window.showErrorMessage(problem, select, settings, output);
    if (answer === output) this.#output.show();
    if (answer === settings) await vscode.commands.executeCommand('workbench.action.openSettings', SETTING);
    if (answer === select) {
      const [file] = (await vscode.window.showOpenDialog({ title: 'The apim-policy command', openLabel: 'Use' })) ?? [];
      if (file === undefined) return;
      const target = vscode.workspace.workspaceFolders
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
      // The change of the setting starts the server.
      await vscode.workspace.getConfiguration().update(SETTING, [file.fsPath], target);
    }
  }
}

export const affectsServer = (event: vscode.ConfigurationChangeEvent) => event.affectsConfiguration(SETTING);

/** The settings that the server itself reads. It asks for them again when they change. */
function serverSettings(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration('apimPolicy');
  return Object.fromEntries(['configurationFile', 'askAboutMcpHeaderForwarding'].map((key) => [key, settings.get(key)]));
}

function look(): Discovery {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return discover({
    setting: vscode.workspace.getConfiguration().get(SETTING),
    folders: folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
    trusted: vscode.workspace.isTrusted,
    home: os.homedir(),
    env: process.env,
    windows: process.platform === 'win32',
    isExecutable: (file) => {
      try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
      } catch {
        return false;
      }
    },
  });
}
