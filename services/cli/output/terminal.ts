/**
 * The two channels of a command: data on stdout, talk on stderr; and what the terminal at their ends can
 * show.
 */

/** Where a command writes. */
export interface Terminal {
  /** Data, as it is: JSON documents, tuples. The line end is added. */
  data(text: string): void;
  /** A report for a person, on stdout; characters that the terminal lacks are replaced. */
  report(text: string): void;
  /** Talk on stderr: progress, warnings, errors. */
  talk(text: string): void;
  /** Characters of a line; 80 where stdout is no terminal. */
  readonly columns: number;
  /** Of stdout. */
  readonly hasColor: boolean;
  /** stderr is a terminal that can redraw a line. */
  readonly canRedraw: boolean;
  /**
   * Replaces the unfinished line at the bottom of stderr; '' removes it. Does nothing where `canRedraw` is
   * false.
   */
  redraw(text: string): void;
  /** stdout is a terminal that can show a screen. */
  readonly canDraw: boolean;
  /** A screen of its own in place of what stands on the terminal, until it is closed. */
  openScreen(): Screen;
}

/** A whole screen that is drawn again and again. */
export interface Screen {
  draw(lines: readonly string[]): void;
  /** Brings back what stood there before. */
  close(): void;
}

/** What a terminal is made from; `process.stdout` and `process.stderr` have these shapes. */
export interface TerminalStreams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function createTerminal({ stdout, stderr, environment, platform }: TerminalStreams): Terminal {
  const isUtf8 = speaksUtf8(environment, platform);
  const show = (text: string): string => (isUtf8 ? text : toAscii(text));
  const canRedraw = stderr.isTTY === true && !isDumb(environment);
  return {
    data: (text) => void stdout.write(`${text}\n`),
    report: (text) => void stdout.write(`${show(text)}\n`),
    talk: (text) => void stderr.write(`${show(text)}\n`),
    // A terminal that does not know its size says 0.
    columns: stdout.isTTY === true ? stdout.columns || 80 : 80,
    hasColor: showsColor(environment, stdout.isTTY === true),
    canRedraw,
    redraw(text) {
      if (canRedraw) stderr.write(`\r\u001b[K${show(text)}`);
    },
    canDraw: stdout.isTTY === true && !isDumb(environment),
    openScreen: () => openScreen(stdout, show),
  };
}

/** The same terminal for who hears it or keeps it: one line after the other, none changed once it is written. */
export function plainTerminal(terminal: Terminal): Terminal {
  return { ...terminal, hasColor: false, canRedraw: false, redraw: () => {}, canDraw: false };
}

/** By the alternative screen of xterm, which terminals of today have; a line that is too long is cut by the terminal, not wrapped. */
function openScreen(stdout: OutputStream, show: (text: string) => string): Screen {
  stdout.write('\u001b[?1049h\u001b[?25l\u001b[?7l');
  return {
    draw: (lines) =>
      void stdout.write(
        `\u001b[H${lines.map((line) => `${show(line).replaceAll('\n', '\u001b[K\r\n')}\u001b[K`).join('\r\n')}\u001b[J`,
      ),
    close: () => void stdout.write('\u001b[?7h\u001b[?25h\u001b[?1049l'),
  };
}

/** The text in ASCII alone. */
export function toAscii(text: string): string {
  return text.replace(/\P{ASCII}/gu, (character) => asciiForms.get(character) ?? '?');
}

const asciiForms: ReadonlyMap<string, string> = new Map([
  ['≥', '>='],
  ['≤', '<='],
  ['→', '->'],
  ['←', '<-'],
  ['↑', '^'],
  ['↓', 'v'],
  ['·', '-'],
  ['…', '...'],
  ['×', 'x'],
]);

/** https://no-color.org and https://force-color.org: set and not empty. */
function showsColor(environment: TerminalStreams['environment'], isTty: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR } = environment;
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== '0' : isTty && !isDumb(environment);
}

function isDumb({ TERM }: TerminalStreams['environment']): boolean {
  return TERM === 'dumb';
}

/**
 * The locale, in the order of POSIX: LC_ALL, LC_CTYPE, LANG. Systems without one of these use UTF-8 unless they
 * are Unix.
 */
function speaksUtf8(environment: TerminalStreams['environment'], platform: string): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  const locale = LC_ALL || LC_CTYPE || LANG;
  if (!locale) return platform === 'darwin' || platform === 'win32';
  return /utf-?8/i.test(locale);
}
