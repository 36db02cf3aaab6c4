// Where the server is: what the settings say, else the workspace's virtual environment, else PATH.
import * as path from 'node:path';

/** What discovery needs to know of the machine and the workspace; given, so that tests can make one up. */
export interface Surroundings {
  /** The value of the setting, unchecked. */
  readonly setting: unknown;
  /** Folders of the workspace, the first one first. */
  readonly folders: readonly string[];
  /** Whether the user trusts the workspace: if not, nothing in it may be run. */
  readonly trusted: boolean;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly windows: boolean;
  isExecutable(file: string): boolean;
}

export type Discovery =
  | { readonly found: true; readonly command: string; readonly args: readonly string[]; readonly origin: string }
  | { readonly found: false; readonly problem: string };

const NAME = 'apim-policy';
const ENVIRONMENTS = ['.venv', 'venv'];

export function discover(around: Surroundings): Discovery {
  const { setting } = around;
  if (setting !== null && setting !== undefined && setting !== '') return fromSetting(setting, around);
  return fromWorkspace(around) ?? fromPath(around) ?? { found: false, problem: notFound(around) };
}

function fromSetting(setting: unknown, around: Surroundings): Discovery {
  const words = typeof setting === 'string' ? [setting] : setting;
  if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === 'string' && word !== '')) {
    return {
      found: false,
      problem: 'The setting "apimPolicy.server.command" has to be a command, or a list of a command and its arguments.',
    };
  }
  const [first, ...args] = words.map((word: string) => substitute(word, around)) as [string, ...string[]];
  const command = locate(first, around);
  if (command === undefined) {
    return {
      found: false,
      problem: `The setting "apimPolicy.server.command" names "${first}", which is not there or cannot be run.`,
    };
  }
  return { found: true, command, args: [...args, 'lsp'], origin: 'the setting apimPolicy.server.command' };
}

function fromWorkspace(around: Surroundings): Discovery | undefined {
  if (!around.trusted) return undefined;
  const inside = around.windows ? ['Scripts', `${NAME}.exe`] : ['bin', NAME];
  for (const folder of around.folders) {
    for (const environment of ENVIRONMENTS) {
      const command = path.join(folder, environment, ...inside);
      if (around.isExecutable(command)) {
        return { found: true, command, args: ['lsp'], origin: `the virtual environment ${environment}` };
      }
    }
  }
  return undefined;
}

function fromPath(around: Surroundings): Discovery | undefined {
  const command = onPath(NAME, around);
  return command === undefined ? undefined : { found: true, command, args: ['lsp'], origin: 'PATH' };
}

function notFound({ trusted }: Surroundings): string {
  const looked = trusted
    ? 'neither in a virtual environment of this workspace (.venv, venv) nor on PATH'
    : 'not on PATH, and this workspace is not trusted, so nothing in it was tried';
  return (
    `The language server "${NAME}" was not found: ${looked}. ` +
    `Install it with "pip install ${NAME}", or say where it is.`
  );
}

function substitute(word: string, { folders, home }: Surroundings): string {
  const replaced = word.replaceAll('${workspaceFolder}', folders[0] ?? '${workspaceFolder}');
  return /^~(?=[/\\]|$)/.test(replaced) ? home + replaced.slice(1) : replaced;
}

/** The file that a command stands for: a bare name is looked up on PATH, a path is taken from the first folder. */
function locate(command: string, around: Surroundings): string | undefined {
  if (!/[/\\]/.test(command)) return onPath(command, around);
  const file = path.resolve(around.folders[0] ?? around.home, command);
  return withExtensions(file, around).find((candidate) => around.isExecutable(candidate));
}

function onPath(name: string, around: Surroundings): string | undefined {
  const variable = Object.keys(around.env).find((key) => (around.windows ? key.toUpperCase() : key) === 'PATH');
  const folders = (variable && around.env[variable]) || '';
  return folders
    .split(around.windows ? ';' : ':')
    .filter((folder) => path.isAbsolute(folder))
    .flatMap((folder) => withExtensions(path.join(folder, name), around))
    .find((candidate) => around.isExecutable(candidate));
}

// Only what the operating system starts without a shell.
function withExtensions(file: string, { windows }: Surroundings): string[] {
  return windows && !/\.(?:exe|com)$/i.test(file) ? [`${file}.exe`, `${file}.com`] : [file];
}
