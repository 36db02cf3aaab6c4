// The item in the status bar: what the document in the active editor was taken for, and how the server is.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { LANGUAGE, type Server, type ServerState } from './server.ts';
import { label, sentence, type DocumentInfo, type Evidence } from './taken.ts';

const REQUEST = 'apim-policy/documentInfo';

const WITHOUT_SERVER: Record<Exclude<ServerState, 'running'>, { text: string; tooltip: string; command: string }> = {
  starting: { text: '$(loading~spin) APIM Policy', tooltip: 'The language server is starting.', command: 'apimPolicy.showOutput' },
  stopped: { text: '$(debug-stop) APIM Policy', tooltip: 'The language server has stopped. Click to start it.', command: 'apimPolicy.restartServer' },
  missing: { text: '$(warning) APIM Policy: no server', tooltip: 'The language server was not found. Click to look for it again.', command: 'apimPolicy.restartServer' },
  failed: { text: '$(error) APIM Policy: no server', tooltip: 'The language server did not start. Click to try again.', command: 'apimPolicy.restartServer' },
};

export class Status implements vscode.Disposable {
  readonly #server: Server;
  readonly #item = vscode.window.createStatusBarItem('apimPolicy.scope', vscode.StatusBarAlignment.Right, 101);
  readonly #parts: vscode.Disposable[];
  #asked = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#item.name = 'APIM Policy';
    this.#parts = [
      this.#item,
      server.onDidChangeState(() => this.#refresh()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#refresh()),
      vscode.workspace.onDidOpenTextDocument((document) => this.#refreshFor(document.uri)),
      // New findings mean that the server has read the document, or one near it, again.
      vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => this.#refreshFor(uri))),
    ];
    void this.#refresh();
  }

  /** Lists the evidence for the active document; the one picked is opened. */
  async showEvidence(): Promise<void> {
    const document = activePolicy();
    const info = document && (await this.#info(document));
    if (document === undefined || info === undefined) return;
    const picked = await vscode.window.showQuickPick(
      info.evidence.map((evidence) => ({ label: evidence.text, description: place(evidence), evidence })),
      { title: label(info), placeHolder: sentence(info) },
    );
    if (picked === undefined) return;
    const line = Math.max(picked.evidence.line - 1, 0);
    await vscode.window.showTextDocument(locate(picked.evidence, document), {
      selection: new vscode.Range(line, 0, line, 0),
    });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#parts).dispose();
  }

  #refreshFor(uri: vscode.Uri): void {
    if (uri.toString() === activePolicy()?.uri.toString()) void this.#refresh();
  }

  async #refresh(): Promise<void> {
    const asked = ++this.#asked;
    const document = activePolicy();
    if (document === undefined) {
      this.#item.hide();
      return;
    }
    const { state } = this.#server;
    if (state !== 'running') {
      Object.assign(this.#item, WITHOUT_SERVER[state]);
      this.#item.backgroundColor =
        state === 'missing' || state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
      this.#item.show();
      return;
    }
    const info = await this.#info(document);
    if (asked !== this.#asked) return;
    this.#item.backgroundColor = undefined;
    this.#item.text = info === undefined ? '$(shield) APIM Policy' : `$(shield) ${label(info)}`;
    this.#item.tooltip = info === undefined ? 'APIM Policy' : tooltip(info);
    this.#item.command = info === undefined ? 'apimPolicy.showOutput' : 'apimPolicy.showEvidence';
    this.#item.show();
  }

  async #info(document: vscode.TextDocument): Promise<DocumentInfo | undefined> {
    try {
      const answer = await this.#server.request<DocumentInfo | null>(REQUEST, { uri: document.uri.toString() });
      return answer ?? undefined;
    } catch {
      // The document was closed or the server stopped meanwhile; both bring a refresh of their own.
      return undefined;
    }
  }
}

function activePolicy(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === LANGUAGE ? document : undefined;
}

function tooltip(info: DocumentInfo): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(sentence(info));
  for (const evidence of info.evidence) {
    text.appendMarkdown('\n\n- ').appendText(`${place(evidence)}: ${evidence.text}`);
  }
  return text;
}

const place = ({ file, line }: Evidence) => `${file}:${line}`;

/** Files in the answer are relative to the folder of the workspace, or absolute outside it. */
function locate({ file }: Evidence, document: vscode.TextDocument): vscode.Uri {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  return folder && !path.isAbsolute(file) ? vscode.Uri.joinPath(folder.uri, file) : vscode.Uri.file(file);
}
