import { type Environment, getEnvironment, type Pipeline } from '../../domain/environment.ts';
import type { NamedEnvironment } from '../../use-cases/ports.ts';

export interface EnvironmentDirectory {
  /** At once where the pipeline is known. @throws Refusal unknown_environment, ambiguous_environment, unavailable */
  find(environment: NamedEnvironment): Named | Promise<Named>;
  /** As `find`; null where the pipeline is not known yet. */
  known(environment: NamedEnvironment): Named | null;
  /** Reads the pipeline anew. Never rejects: where it can't be read the last known one stays. */
  refresh(): Promise<void>;
}

export type Named = Pick<Environment, 'id' | 'name'>;

export interface EnvironmentDirectoryOptions {
  read: () => Promise<Pipeline>;
  /** An environment is called something else now, or is there again. */
  renamed: (environmentId: string) => void;
}

/** Words that were looked up, at most: each is short. */
const MOST_WORDS = 1_000;

/** Which environments there are, so that no request asks the database what its words mean. */
export function makeEnvironmentDirectory({ read, renamed }: EnvironmentDirectoryOptions): EnvironmentDirectory {
  let pipeline: Pipeline | null = null;
  let words = new Map<string, Named>();
  let reading: Promise<Pipeline> | null = null;

  /** Those who ask at the same time share one question. */
  function readOnce(): Promise<Pipeline> {
    reading ??= read()
      .then(take)
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  function take(now: Pipeline): Pipeline {
    const before = pipeline ?? now;
    pipeline = now;
    words = new Map();
    for (const { id, name } of now) if (before.find((other) => other.id === id)?.name !== name) renamed(id);
    return now;
  }

  function look(among: Pipeline, word: string): Named {
    const known = words.get(word);
    if (known !== undefined) return known;
    const { id, name } = getEnvironment(among, word);
    if (words.size < MOST_WORDS) words.set(word, { id, name });
    return { id, name };
  }

  return {
    find(environment) {
      if (typeof environment !== 'string') return environment;
      return pipeline === null ? readOnce().then((now) => look(now, environment)) : look(pipeline, environment);
    },
    known(environment) {
      if (typeof environment !== 'string') return environment;
      return pipeline === null ? null : look(pipeline, environment);
    },
    refresh: () =>
      readOnce().then(
        () => undefined,
        () => undefined,
      ),
  };
}
