// Runs the extension with stand-ins for the editor and for the client library. The client's server is the real one.
//   vscode_stand_in.js EXTENSION_FOLDER WEIR_COMMAND
const { spawn } = require("child_process");
const Module = require("module");

const [, , folder, command] = process.argv;
const said = { events: [], commands: [], required: [], settings: [] };
const commands = {};

class LanguageClient {
  constructor(id, name, server, client) {
    Object.assign(this, { server, running: false });
    said.selector = client.documentSelector;
  }

  /// Starts the process as the real client does, and waits for its answer to `initialize`.
  start() {
    said.events.push("start");
    this.process = spawn(this.server.command, [...this.server.args, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.send({ id: 1, method: "initialize", params: { capabilities: {} } });
    return new Promise((done, fail) => {
      this.process.once("error", fail);
      this.process.stdout.once("data", (data) => {
        said.server = JSON.parse(data.toString().split("\r\n\r\n")[1]).result.serverInfo.name;
        this.running = true;
        done();
      });
    });
  }

  needsStop() {
    return this.running;
  }

  stop() {
    said.events.push("stop");
    this.send({ id: 2, method: "shutdown" });
    this.send({ method: "exit" });
    return new Promise((done, fail) => {
      this.process.once("exit", (code) => (code === 0 ? done() : fail(new Error(`the server ended with ${code}`))));
    });
  }

  send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
}

const modules = {
  vscode: {
    workspace: {
      getConfiguration: (section) => ({
        get: (key) => {
          said.settings.push(`${section}.${key}`);
          return command;
        },
      }),
      createFileSystemWatcher: () => ({}),
      onDidChangeConfiguration: () => ({}),
    },
    commands: {
      registerCommand: (name, run) => {
        said.commands.push(name);
        commands[name] = run;
        return {};
      },
    },
    window: {
      showErrorMessage: (message) => {
        throw new Error(message);
      },
    },
  },
  "vscode-languageclient/node": { LanguageClient, TransportKind: { stdio: 0 } },
};

const load = Module._load;
Module._load = (name, ...rest) => {
  if (!(name in modules)) return load(name, ...rest);
  said.required.push(name.split("/")[0]);
  return modules[name];
};

(async () => {
  const extension = require(folder);
  await extension.activate({ subscriptions: [] });
  await commands["weir.restart"]();
  await extension.deactivate();
  console.log(JSON.stringify(said));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
