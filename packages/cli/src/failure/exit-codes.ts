/** What a command's exit code says. They are promised: scripts depend on them (docs/cli/conventions.md). */
export const EXIT_CODES = {
  ok: 0,
  /** What was asked for could not be done. */
  failure: 1,
  /** The command line is wrong, or a question cannot be asked without a terminal. */
  usage: 2,
  login: 3,
  forbidden: 4,
  'not-found': 5,
  /** The device is offline, or did not answer in time. */
  offline: 6,
  'rate-limited': 7,
  /** The server failed, or cannot be reached. */
  server: 8,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** Why a command failed, in one word; also `error.kind` of `--json`. */
export type FailureKind = Exclude<keyof typeof EXIT_CODES, 'ok'>;
