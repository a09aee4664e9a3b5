import {
  ErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  StandardResolutionReasons,
} from '@openfeature/server-sdk';
import { type Answer, TowpathClient, TowpathClientError, type TowpathClientOptions } from '../client/towpath-client.ts';
import { valueAt } from './value-at.ts';

export interface TowpathProviderOptions {
  /** Workflows to have at hand before the provider says that it is ready. */
  workflows?: readonly string[];
}

/** Workflows whose changes are told of: as many as the client keeps. */
const FOLLOWED = 1_000;

/**
 * Towpath as a provider of OpenFeature. The flag `WORKFLOW` is the definition of what is live in the client's environment,
 * `WORKFLOW:path.to.value` one value of it, such as `summarize-flow:steps.summarize.model`. The evaluation's `targetingKey`
 * decides between the active version and a candidate while a canary runs (reason SPLIT).
 *
 * ```ts
 * const client = new TowpathClient({ url, token, environment: 'production' });
 * await OpenFeature.setProviderAndWait(new TowpathProvider(client, { workflows: ['summarize-flow'] }));
 * const model = await OpenFeature.getClient().getStringValue('summarize-flow:steps.summarize.model', 'small');
 * ```
 *
 * It tells of changes, of Towpath being away (STALE: last known values go on being given) and of its return (READY). What
 * can't be given is the default, with the reason in the details. Closing the provider closes its client.
 */
export class TowpathProvider implements Provider {
  readonly metadata = { name: 'towpath' };
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  readonly #client: TowpathClient;
  readonly #workflows: readonly string[];
  readonly #followed = new Set<string>();

  constructor(client: TowpathClient | TowpathClientOptions, { workflows = [] }: TowpathProviderOptions = {}) {
    this.#client = client instanceof TowpathClient ? client : new TowpathClient(client);
    this.#workflows = workflows;
    this.#client.watch((notice) => {
      if (notice.kind === 'changed')
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [notice.workflow] });
      if (notice.kind === 'stale')
        this.events.emit(ProviderEvents.Stale, { message: 'Towpath can’t be asked; last known workflows are given.' });
      if (notice.kind === 'fresh') this.events.emit(ProviderEvents.Ready, { message: 'Towpath answers again.' });
    });
  }

  /** @throws TowpathClientError when one of `workflows` can't be had, not even as it was last known */
  async initialize(): Promise<void> {
    await Promise.all(this.#workflows.map((workflow) => this.#resolve(workflow, null)));
  }

  onClose(): Promise<void> {
    return this.#client.close();
  }

  resolveBooleanEvaluation(flag: string, otherwise: boolean, context: EvaluationContext) {
    return this.#evaluate(flag, otherwise, context, (value) => typeof value === 'boolean');
  }

  resolveStringEvaluation(flag: string, otherwise: string, context: EvaluationContext) {
    return this.#evaluate(flag, otherwise, context, (value) => typeof value === 'string');
  }

  resolveNumberEvaluation(flag: string, otherwise: number, context: EvaluationContext) {
    return this.#evaluate(flag, otherwise, context, (value) => typeof value === 'number');
  }

  resolveObjectEvaluation<Value extends JsonValue>(flag: string, otherwise: Value, context: EvaluationContext) {
    return this.#evaluate(flag, otherwise, context, (value) => typeof value === 'object' && value !== null);
  }

  async #evaluate<Value>(
    flag: string,
    otherwise: Value,
    { targetingKey = null }: { targetingKey?: string | null },
    isRight: (value: unknown) => boolean,
  ): Promise<ResolutionDetails<Value>> {
    const [workflow = '', ...rest] = flag.split(':');
    const path = rest.join(':');
    try {
      const answer = await this.#resolve(workflow, targetingKey);
      const value = rest.length === 0 ? answer.definition : valueAt(answer.definition, path);
      if (value === undefined) return withoutValue(otherwise, ErrorCode.FLAG_NOT_FOUND, `${workflow} has no ${path}.`);
      if (!isRight(value)) return withoutValue(otherwise, ErrorCode.TYPE_MISMATCH, `${flag} is of another type.`);
      return { value: value as Value, ...aboutAnswer(answer) };
    } catch (error) {
      return withoutValue(otherwise, codeOf(error), error instanceof Error ? error.message : String(error));
    }
  }

  async #resolve(workflow: string, key: string | null): Promise<Answer> {
    const answer = await this.#client.resolve(workflow, { key });
    if (this.#followed.size < FOLLOWED && !this.#followed.has(workflow)) {
      this.#followed.add(workflow);
      // Without the stream, changes show only where somebody asks for them.
      this.#client.subscribe(workflow, () => undefined);
    }
    return answer;
  }
}

function withoutValue<Value>(value: Value, errorCode: ErrorCode, errorMessage: string): ResolutionDetails<Value> {
  return { value, reason: StandardResolutionReasons.ERROR, errorCode, errorMessage };
}

function codeOf(error: unknown): ErrorCode {
  const code = error instanceof TowpathClientError ? error.code : null;
  if (code === 'not_found') return ErrorCode.FLAG_NOT_FOUND;
  if (code === 'unavailable') return ErrorCode.PROVIDER_NOT_READY;
  return code === 'malformed' ? ErrorCode.PARSE_ERROR : ErrorCode.GENERAL;
}

function aboutAnswer({ version, deployment, settingsRevision, environment, rollout, stale }: Answer) {
  const chosen = rollout === null ? StandardResolutionReasons.STATIC : StandardResolutionReasons.SPLIT;
  return {
    reason: stale ? StandardResolutionReasons.STALE : chosen,
    variant: `v${version.number}`,
    flagMetadata: {
      ...{ environment, version: version.number, deployment: deployment.id, settingsRevision, stale },
      ...(rollout !== null && { side: rollout.side }),
    },
  };
}
