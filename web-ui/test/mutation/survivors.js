/**
 * What Stryker's report says, held to the list of survivors that are known.
 *
 * @typedef {object} Known mutants of one line that no test notices
 * @property {string} file below src/core
 * @property {string} code the line in which they begin
 * @property {string[]} mutants each as `what stands there → what the mutant puts there`, cut at LENGTH
 * @property {string} reason why that is no gap
 *
 * @typedef {object} Survivor
 * @property {string} file
 * @property {number} line
 * @property {string} code
 * @property {string} mutant
 *
 * @typedef {object} Verdict
 * @property {number} noticed
 * @property {number} mutants
 * @property {Survivor[]} unknown survivors that are not in the list
 * @property {string[]} gone what the list has and a test notices by now
 */

const LENGTH = 100;
const NOTICED = ['Killed', 'Timeout'];
/** What says nothing: left out by error-words.js. Anything else, a crash of the runner for one, counts as a survivor. */
const LEFT_OUT = ['Ignored'];

/**
 * @param {any} report of Stryker
 * @param {Known[]} known
 * @returns {Verdict}
 */
export function judge(report, known) {
  const files = Object.entries(report.files).map(([path, file]) => ({ ...file, path }));
  const counted = files.flatMap(({ path, source, mutants }) =>
    mutants
      .filter((/** @type {any} */ { status }) => !LEFT_OUT.includes(status))
      .map((/** @type {any} */ mutant) => ({ ...described(path, source, mutant), status: mutant.status })),
  );
  const survivors = counted.filter(({ status }) => !NOTICED.includes(status));
  const listed = new Map(
    known.flatMap((entry) => entry.mutants.map((mutant) => [key({ ...entry, mutant }), 0])),
  );
  /** @type {Survivor[]} */
  const unknown = [];
  for (const survivor of survivors) {
    const seen = listed.get(key(survivor));
    if (seen === undefined) unknown.push(survivor);
    else listed.set(key(survivor), seen + 1);
  }
  const here = new Set(files.map(({ path }) => belowCore(path)));
  const gone = [...listed].filter(([id, seen]) => seen === 0 && here.has(id.split('\n')[0] ?? ''));
  return {
    noticed: counted.length - survivors.length,
    mutants: counted.length,
    unknown,
    gone: gone.map(([id]) => id.replaceAll('\n', ' · ')),
  };
}

/**
 * @param {string} path
 * @param {string} source
 * @param {any} mutant
 * @returns {Survivor}
 */
function described(path, source, { location: { start, end }, replacement }) {
  const lines = source.split('\n');
  const inside = lines.slice(start.line - 1, end.line);
  inside[inside.length - 1] = inside.at(-1)?.slice(0, end.column - 1) ?? '';
  inside[0] = inside[0]?.slice(start.column - 1) ?? '';
  return {
    file: belowCore(path),
    line: start.line,
    code: lines[start.line - 1]?.trim() ?? '',
    mutant: `${short(inside.join('\n'))} → ${short(replacement)}`,
  };
}

/** @param {string} code */
function short(code) {
  const flat = code.replaceAll(/\s+/g, ' ').trim();
  return flat.length > LENGTH ? `${flat.slice(0, LENGTH)}…` : flat;
}

/** @param {string} path */
function belowCore(path) {
  return path.replace(/^src\/core\//, '');
}

/** @param {{ file: string, code: string, mutant: string }} survivor */
function key({ file, code, mutant }) {
  return [file, code, mutant].join('\n');
}
