// Starts `weir lsp` for rule files. All that it answers comes from the command; nothing is known here.
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

function make_client() {
  const command = vscode.workspace.getConfiguration("weir").get("command", "weir");
  const server = { command, args: ["lsp"], transport: TransportKind.stdio };
  return new LanguageClient("weir", "Weir", server, {
    documentSelector: [{ language: "weir" }],
    synchronize: {
      // What rule files read from disk.
      fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{weir,csv,txt,json,toml}"),
    },
  });
}

async function start() {
  client = make_client();
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(
      `Weir: the language server did not start (${error.message}). Is weir installed? The setting "weir.command" says where.`
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running && running.needsStop()) await running.stop();
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("weir.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("weir.command") && restart())
  );
  await start();
}

module.exports = { activate, deactivate: stop };
