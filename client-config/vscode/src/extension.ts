import * as vscode from 'vscode';
import { policyRoot } from './root.ts';
import { affectsServer, LANGUAGE, Server } from './server.ts';
import { Status } from './status.ts';

// Languages under which policy documents are opened when their name says nothing.
const DISGUISES = new Set(['xml', 'plaintext', 'razor', 'aspnetcorerazor', 'html']);

// A root element that stands further down than this, below comments, is not looked for.
const LOOKED_AT = 64 * 1024;

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('APIM Policy');
  server = new Server(output);
  const running = server;
  const status = new Status(running);
  context.subscriptions.push(
    output,
    running,
    status,
    recogniseByContent(),
    vscode.commands.registerCommand('apimPolicy.restartServer', () => running.restart()),
    vscode.commands.registerCommand('apimPolicy.showOutput', () => output.show(true)),
    vscode.commands.registerCommand('apimPolicy.showEvidence', () => status.showEvidence()),
    startWithFirstPolicy(running),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affectsServer(event) && running.wanted) void running.restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (running.wanted && running.state === 'missing') void running.restart();
    }),
  );
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Starts the server once a policy is open: the extension is active in every workspace with XML in it. */
function startWithFirstPolicy(running: Server): vscode.Disposable {
  const consider = (document: vscode.TextDocument) => {
    if (document.languageId === LANGUAGE && !running.wanted) void running.restart();
  };
  vscode.workspace.textDocuments.forEach(consider);
  return vscode.workspace.onDidOpenTextDocument(consider);
}

/** Gives policy documents their language, unless the user takes it from them again. */
function recogniseByContent(): vscode.Disposable {
  const known = new Set<string>();
  const consider = (document: vscode.TextDocument) => {
    const key = document.uri.toString();
    if (document.languageId === LANGUAGE) known.add(key);
    if (!DISGUISES.has(document.languageId) || known.has(key)) return;
    if (!vscode.workspace.getConfiguration('apimPolicy', document).get('detectByContent')) return;
    const start = document.getText(new vscode.Range(new vscode.Position(0, 0), document.positionAt(LOOKED_AT)));
    if (policyRoot(start) === undefined) return;
    known.add(key);
    void vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
  };
  vscode.workspace.textDocuments.forEach(consider);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(consider),
    vscode.workspace.onDidCloseTextDocument((document) => {
      // A change of language closes and opens a document that stays in the list.
      if (!vscode.workspace.textDocuments.includes(document)) known.delete(document.uri.toString());
    }),
  );
}
