import type { Json } from '../../domain/workflow/json.ts';
import { isObject } from '../../domain/workflow/json.ts';
import { type RunAnswer, RunnerFailure, type RunRequest } from '../../use-cases/ports/runners.ts';
import { type Agents, callEndpoint, readText } from './call-endpoint.ts';
import { authorization } from './http-runner.ts';
import type { KindOf } from './kind-of.ts';
import { assertPlain, parseAnswer } from './read-answer.ts';

/** What n8n answers where its Webhook node is left to respond immediately. */
const STARTED = 'Workflow was started';

/**
 * Posts the input to the webhook of a workflow in n8n, and takes what it answers as the output. n8n runs what it has: which
 * version that is has to be seen to where the workflow is imported, so the version is told in headers.
 */
export async function runByN8n(request: RunRequest, runner: KindOf<'n8n'>, agents: Agents): Promise<RunAnswer> {
  const begun = performance.now();
  const { workflow, version, environment, shadow, input, signal, limits } = request;
  const answer = await callEndpoint(agents, {
    url: runner.url,
    headers: {
      ...(await authorization(runner, request.secrets)),
      'x-towpath-workflow': workflow,
      'x-towpath-version': String(version ?? 'file'),
      'x-towpath-environment': encodeURIComponent(environment),
      'x-towpath-shadow': String(shadow),
    },
    body: JSON.stringify(input),
    signal,
    answerBytes: limits.answerBytes,
  }).catch((error: unknown) => {
    throw explained(error);
  });
  const output = outputOf(await readText(answer), answer.contentType);
  return { output, latencyMs: performance.now() - begun };
}

/** n8n answers 404 for a workflow that is there but not active, which its sentence alone does not make plain. */
function explained(error: unknown): unknown {
  if (!(error instanceof RunnerFailure) || !error.message.includes('answered 404')) return error;
  return new RunnerFailure('refused', `${error.message} Activate the workflow in n8n, and use its production address.`);
}

function outputOf(text: string, contentType: string): Json {
  if (text.trim() === '')
    throw new RunnerFailure(
      'malformed',
      'n8n answered nothing. Let the Webhook node respond when the last node finishes.',
    );
  if (contentType.includes('html')) throw new RunnerFailure('malformed', 'n8n’s address answered with a web page.');
  const output = contentType.includes('json') ? parseAnswer(text, 'n8n’s answer') : text;
  if (isObject(output) && output['message'] === STARTED && Object.keys(output).length === 1)
    throw new RunnerFailure(
      'malformed',
      'n8n answered before the workflow had run. Let the Webhook node respond when the last node finishes.',
    );
  assertPlain(output, 'n8n’s answer');
  return output;
}
