import type { Step } from '../workflow/definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { hashText, makeLikeness, mix } from './likeness.ts';

/** How much two steps hold the same, names and ids apart. Remembers what it has looked at. */
export interface StepLikeness {
  /** 0 to 1: the share of what either holds that both do. 0 where they share too little to prove anything. */
  between(before: Step, after: Step): number;
  /** Equal for steps that hold the same. */
  sameness(step: Step): number;
  /** It holds enough to be recognised by. */
  tellsEnough(step: Step): boolean;
}

/** Marks kept of each step: the smallest ones, which are a fair sample of all. */
const SAMPLE = 64;
/** Marks that two steps must share at least. */
const LEAST_SHARED = 4;
/** Of a text, so many characters are looked at. */
const TEXT_LENGTH = 4_000;
/** Values of one step that are looked at. */
const MOST_VALUES = 500;

export function makeStepLikeness(): StepLikeness {
  const samples = new Map<Step, readonly number[]>();
  const numbers = new Map<Step, number>();
  const likeness = makeLikeness();

  const sampleOf = (step: Step): readonly number[] => {
    const known = samples.get(step);
    if (known !== undefined) return known;
    const marks = new Set<number>();
    collectMarks(step.properties as JsonObject, marks);
    for (const { steps } of step.children)
      for (const inner of steps) for (const mark of sampleOf(inner)) marks.add(mark);
    const sample = [...marks].sort((a, b) => a - b).slice(0, SAMPLE);
    samples.set(step, sample);
    return sample;
  };

  const sameness = (step: Step): number => {
    const known = numbers.get(step);
    if (known !== undefined) return known;
    let number = likeness(step.properties as JsonObject);
    for (const { role, steps } of step.children) {
      number = mix(number, hashText(role));
      for (const inner of steps) number = mix(number, mix(hashText(inner.kind), sameness(inner)));
    }
    numbers.set(step, number);
    return number;
  };

  return {
    between: (before, after) => shareOf(sampleOf(before), sampleOf(after)),
    sameness,
    tellsEnough: (step) =>
      samples.has(step) ? sampleOf(step).length >= LEAST_SHARED : weighs(step, LEAST_SHARED) <= 0,
  };
}

/** What is left of a number after each value and word of a step is taken from it; stops at 0. */
function weighs(step: Step, enough: number): number {
  let left = enough;
  const visit = (value: Json): void => {
    if (left <= 0) return;
    if (isList(value)) for (const item of value) visit(item);
    else if (isObject(value)) for (const key of Object.keys(value)) visit(value[key] ?? null);
    else
      left -=
        typeof value === 'string' && value.length > 20
          ? (value.slice(0, 100).match(/[\p{L}\p{N}]+/gu)?.length ?? 0)
          : 1;
  };
  visit(step.properties as JsonObject);
  for (const { steps } of step.children) for (const inner of steps) if (left > 0) left = weighs(inner, left);
  return left;
}

/** The share of both samples' smallest marks that are in both. */
function shareOf(a: readonly number[], b: readonly number[]): number {
  let [atA, atB, shared, seen] = [0, 0, 0, 0];
  while (seen < SAMPLE && (atA < a.length || atB < b.length)) {
    const [left, right] = [a[atA] ?? Number.POSITIVE_INFINITY, b[atB] ?? Number.POSITIVE_INFINITY];
    if (left === right) shared++;
    if (left <= right) atA++;
    if (right <= left) atB++;
    seen++;
  }
  return shared < LEAST_SHARED ? 0 : shared / seen;
}

/** A mark for each plain value and where it stands, and for each word of a text. */
function collectMarks(properties: JsonObject, marks: Set<number>): void {
  let left = MOST_VALUES;
  const visit = (value: Json, place: number): void => {
    if (left-- <= 0) return;
    if (isList(value)) for (const item of value) visit(item, place);
    else if (isObject(value))
      for (const key of Object.keys(value)) visit(value[key] ?? null, mix(place, hashText(key)));
    else if (typeof value === 'string' && value.length > 20) collectWords(value, place, marks);
    else marks.add(mix(place, typeof value === 'string' ? hashText(value) : hashText(JSON.stringify(value))));
  };
  visit(properties, 17);
}

function collectWords(text: string, place: number, marks: Set<number>): void {
  for (const word of text.slice(0, TEXT_LENGTH).match(/[\p{L}\p{N}]+/gu) ?? []) marks.add(mix(place, hashText(word)));
}
