import { createHash } from 'node:crypto';
import { Refusal } from './refusal.ts';

/*
 * A program has a person log it in, on another screen: the device flow of RFC 8628. The program is given a device code, which it
 * alone knows, and a short code, which its person types where Towpath knows them: in Slack.
 */

/** Consonants without those that make words with others or are taken for figures (RFC 8628, 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
const DEVICE_CODE = /^[A-Za-z0-9_-]{43}$/;

const MINUTE = 60_000;
/** Milliseconds in which the code has to be confirmed. */
export const CODE_LIFE = 10 * MINUTE;
/** Milliseconds that a program has at least to fetch what was confirmed in the last moment. */
export const TIME_TO_COLLECT = MINUTE;
/** Milliseconds between two questions of a program whether it was confirmed. */
export const POLL_EVERY = 5_000;
/** Milliseconds that a personal token is good. */
export const PERSONAL_LIFE = 30 * 24 * 60 * MINUTE;
/** Logins of a workspace that wait to be confirmed, at most: several times what one address can begin while they do. */
export const MOST_OPEN = 500;
/** Good personal tokens of one person, at most. */
export const MOST_OF_ONE = 20;
/** Wrong codes that one person may type within `TRIES_COUNT_FOR`. */
export const MOST_TRIES = 5;
export const TRIES_COUNT_FOR = MINUTE;

export type LoginState = 'waiting' | 'confirmed' | 'refused' | 'collected';

/** A program that wants to be logged in. */
export interface Login {
  readonly id: string;
  /** What it calls itself: letters, digits, dots, dashes and underscores. */
  readonly device: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly state: LoginState;
  /** Who confirmed or refused it. */
  readonly decidedBy: string | null;
  /** Name of the token that was handed out. */
  readonly tokenName: string | null;
}

/** A code to type, evenly one of 20^8. @param below gives a whole number from 0 to below its argument, by chance */
export function makeCode(below: (bound: number) => number): string {
  return Array.from({ length: LENGTH }, () => LETTERS[below(LETTERS.length)]).join('');
}

/** As people read it: `BCDF-GHJK`. */
export function codeInGroups(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** A code as it was made, however it was typed: small letters, blanks, any dash. Null for what can't be one. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s\p{Pd}`]/gu, '');
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter)) ? code : null;
}

export function looksLikeDeviceCode(text: string): boolean {
  return DEVICE_CODE.test(text);
}

/** What is kept of a device code: random and long, so that its plain hash gives nothing of it away. */
export function hashDeviceCode(text: string): string {
  return sha256(`device ${text}`);
}

/**
 * What is kept of a code to type. Who looks for long enough finds the code; but it lives ten minutes, and all it gives to who knows
 * it is to hand their own rights to a program.
 */
export function hashCode(code: string): string {
  return sha256(`code ${code}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const LONGEST_DEVICE = 40;

/**
 * What a program calls itself, as it is shown to whoever confirms it: anybody may send one, so that it holds nothing that could read
 * as a sentence.
 */
export function deviceName(given: string): string {
  const name = given.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-._]+/, '');
  return name.slice(0, LONGEST_DEVICE).replace(/[-._]+$/, '') || 'unnamed';
}

/** Name of the token of a login. @param random six letters or digits, so that no two are alike */
export function loginTokenName(device: string, random: string): string {
  return `login-${device.toLowerCase()}-${random}`;
}

/** @throws Refusal login_ended, login_refused where nobody can confirm it any more */
export function assertWaiting(login: Login, now: Date): void {
  if (login.state === 'refused') throw refusedLogin();
  if (login.state !== 'waiting' || login.expiresAt <= now) throw endedLogin();
}

export function refusedLogin(): Refusal {
  return new Refusal('login_refused', 'This login was refused in Slack, and nothing was handed out.');
}

export function endedLogin(): Refusal {
  return new Refusal(
    'login_ended',
    'This login is over: its ten minutes passed, or it was answered already. Start again with `towpath login`.',
  );
}
