import { issuesOf } from '../../configuration/yaml-issues.ts';
import { lookUp } from '../../look-up.ts';
import { isObject } from '../../workflow/json.ts';
import { pathText } from '../../workflow/source/source-scan.ts';
import { isSecretSetting } from '../secret-in-setting.ts';
import type { Settings, VariableValue } from '../settings.ts';
import { settingsFile } from '../settings-file.ts';
import { settingsSchema } from '../settings-schema.ts';
import { type FormField, formTexts, isLimit, sameText, settingOf } from './form-fields.ts';
import { readSecrets } from './secrets-text.ts';
import { readServers } from './servers-text.ts';
import type { ReadLines } from './text-line.ts';
import { readVariables } from './variables-text.ts';
import { readYaml } from './yaml-text.ts';

/** What somebody entered: fields that are left out were not asked for, and stay as they are. */
export type EnteredTexts = Readonly<Partial<Record<FormField, string>>>;

export type ReadForm =
  | { readonly ok: true; readonly settings: Settings }
  /** Sentences without a full stop, by the field where they belong. */
  | { readonly ok: false; readonly problems: ReadonlyMap<FormField, readonly string[]> };

/**
 * One whole layer as a form leaves it. A field with the text that it was shown with stays exactly as it is; the rest is read and
 * checked as `towpath.yaml` is, in the same words.
 */
export function readForm(layer: 'environment' | 'workflow', now: Settings, entered: EnteredTexts): ReadForm {
  const shown = formTexts(now);
  const changed = Object.entries(entered).filter(([field, text]) => !sameText(text, shown[field as FormField]));
  const problems = new Map<FormField, string[]>();
  const file: Record<string, unknown> = { ...settingsFile(now) };
  const limits: Record<string, unknown> = { ...settingsFile(now).limits };
  for (const [field, text] of changed as [FormField, string][]) {
    const read = readField(field, text);
    if ('problems' in read) problems.set(field, [...read.problems]);
    else give(isLimit(field) ? limits : file, field, read.value);
  }
  give(file, 'limits', Object.keys(limits).length === 0 ? undefined : limits);
  const parsed = settingsSchema({ layer }).safeParse(file);
  // Of a field that could not be read, what it held before was checked.
  if (!parsed.success) addIssues(problems, parsed.error, file);
  if (problems.size > 0 || !parsed.success) return { ok: false, problems };
  const parts = new Set(changed.map(([field]) => settingOf(field as FormField)));
  const kept = Object.entries(now).filter(([part]) => !parts.has(part as keyof Settings));
  const fresh = Object.entries(parsed.data).filter(([part]) => parts.has(part as keyof Settings));
  return { ok: true, settings: Object.fromEntries([...kept, ...fresh]) };
}

function give(held: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) delete held[name];
  else held[name] = value;
}

type ReadField = { value: unknown } | { problems: readonly string[] };

/** Undefined where nothing is said. */
function readField(field: FormField, text: string): ReadField {
  if (text.trim() === '') return { value: undefined };
  switch (field) {
    case 'variables':
      return ofLines(readVariables(text));
    case 'secrets':
      return ofLines(readSecrets(text));
    case 'mcpServers':
      return ofLines(readServers(text));
    case 'modelParameters':
    case 'dataSources':
    case 'steps':
      return ofYaml(text);
    case 'runner':
      return ofRunner(text);
    case 'retries':
    case 'concurrency':
    case 'costPerRun':
    case 'costPerDay':
      return { value: amount(text.trim()) };
    default:
      return { value: text.trim() };
  }
}

/** A name of one's own, unless it says what only a runner that Towpath has run says. */
function ofRunner(text: string): ReadField {
  if (/^\s*\{?\s*kind\s*:/m.test(text)) return ofYaml(text);
  const read = readYaml(text);
  const isMapping =
    'value' in read && isObject(read.value) && RUNNER_KEYS.some((key) => Object.hasOwn(read.value as object, key));
  return isMapping ? read : { value: text.trim() };
}

const RUNNER_KEYS = ['kind', 'url', 'command', 'providers'];

function ofYaml(text: string): ReadField {
  const read = readYaml(text);
  return 'problem' in read ? { problems: [read.problem] } : { value: read.value ?? undefined };
}

function ofLines<Value>({ held, problems }: ReadLines<Value>): ReadField {
  if (problems.length > 0) return { problems };
  return { value: Object.keys(held).length === 0 ? undefined : held };
}

/** What is no number stays text, which is refused as that. */
function amount(text: string): number | string {
  const digits = text.replace(/^\$\s*/, '');
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(digits) ? Number(digits) : text;
}

function addIssues(
  problems: Map<FormField, string[]>,
  error: Parameters<typeof issuesOf>[0],
  file: Readonly<Record<string, unknown>>,
): void {
  for (const { path, message } of issuesOf(error)) {
    const [part, ...rest] = path;
    const inLimits = part === 'limits';
    const field = (inLimits ? (rest[0] ?? 'timeout') : part) as FormField;
    const isUnknown = message.startsWith('there is no “');
    const within = (inLimits ? rest.slice(1) : rest).slice(0, isUnknown ? -1 : undefined);
    const where = within.length === 0 ? '' : `${pathText(within)} `;
    const sentence = `${where}${message.trim()}${cure(field, within, file)}`;
    problems.set(field, [...(problems.get(field) ?? []), sentence]);
  }
}

/** The line that belongs under Secrets, where a variable's value looks like one. */
function cure(field: FormField, [name]: readonly (string | number)[], file: Readonly<Record<string, unknown>>): string {
  if (field !== 'variables' || typeof name !== 'string') return '';
  const value = lookUp((file['variables'] ?? {}) as Record<string, VariableValue>, name);
  if (value === undefined || !['string', 'number'].includes(typeof value) || !isSecretSetting(name, value)) return '';
  return `. Here that is the line ${name} env:${name} under Secrets, in place of this one`;
}
