import { runMessage } from '../../use-cases/execution/run-message.ts';
import type { RunAnswer, RunRequest, RunSecrets } from '../../use-cases/ports/runners.ts';
import { type Agents, callEndpoint, readText } from './call-endpoint.ts';
import type { KindOf } from './kind-of.ts';
import { readAnswer } from './read-answer.ts';

/**
 * Posts `{ workflow, version, environment, definition, input, shadow }` to a service that runs the workflow, and gets
 * `{ output, cost, tokens, latency, trace }`. The definition names its secrets only: the service reads them where it runs.
 */
export async function runByHttp(request: RunRequest, runner: KindOf<'http'>, agents: Agents): Promise<RunAnswer> {
  const begun = performance.now();
  const answer = await callEndpoint(agents, {
    url: runner.url,
    headers: await authorization(runner, request.secrets),
    body: JSON.stringify(runMessage(request)),
    signal: request.signal,
    answerBytes: request.limits.answerBytes,
  });
  return readAnswer(await readText(answer), performance.now() - begun);
}

/** The secret in the header that is asked for, or as a bearer token. */
export async function authorization(
  { secret, header }: { readonly secret?: string | undefined; readonly header?: string | undefined },
  secrets: RunSecrets,
): Promise<Record<string, string>> {
  if (secret === undefined) return {};
  const value = await secrets.read(secret);
  return header === undefined ? { authorization: `Bearer ${value}` } : { [header.toLowerCase()]: value };
}
