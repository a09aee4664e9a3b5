import { Refusal } from './refusal.ts';

/** A program that runs workflows in one environment, as it told of itself. */
export interface Agent {
  readonly id: string;
  readonly environmentId: string;
  /** Unique in its environment. */
  readonly name: string;
  /** Name of the token that it last showed. */
  readonly token: string;
  /** What it says of its own release; null: nothing. */
  readonly release: string | null;
  readonly registeredAt: Date;
  readonly lastSeenAt: Date;
}

/** Agents of one environment that are remembered at once. */
export const MOST_AGENTS = 1_000;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,126}[A-Za-z0-9])?$/;

/** Names of machines and pods are taken as they are. @throws Refusal invalid_input */
export function checkAgentName(name: string): string {
  if (NAME.test(name)) return name;
  throw new Refusal(
    'invalid_input',
    'An agent’s name has at most 128 letters, digits, dots, dashes, underscores, colons and slashes, such as runner-7f9c.',
  );
}
