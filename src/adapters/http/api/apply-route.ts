import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { TowpathConfiguration } from '../../../domain/configuration/configuration.ts';
import { InvalidConfigurationError } from '../../../domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../domain/configuration/parse-towpath-yaml.ts';
import type { FileLayerView } from '../../../use-cases/settings/file-views.ts';
import { plain } from '../answer-problem.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, personBehind } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { onBehalfOf, reason } from './schemas.ts';
import { presentProposal, settingsProposal } from './settings-layer-schema.ts';

const LONGEST_FILE = 512 * 1024;
/** As JSON text, a file grows by the escapes of its line ends and quotes. */
const LONGEST_BODY = 3 * LONGEST_FILE;
const MOST_TOLD = 3;

const layerOfFile = z
  .object({
    environment: z.string(),
    workflow: z.string().nullable().describe('Null: what the environment gives every workflow.'),
    outcome: z
      .enum(['unchanged', 'applies', 'needs_approval', 'refused', 'applied', 'proposed'])
      .describe('With dryRun what would become of it, otherwise what became of it.'),
    sentences: z.array(z.string()).describe('What it changes.'),
    refusal: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe('Why it can’t be had; then nothing of the file is applied.'),
    number: z.number().int().describe('Of the revision that is in force; 0 where nothing was ever given.'),
    proposal: settingsProposal.nullable().describe('What waits for approval, or came into force.'),
  })
  .meta({ id: 'AppliedLayer' });

export const applyAnswer = z
  .object({
    plan: z
      .string()
      .describe('Names what is said here. Sent with the request that applies it, that does this or nothing.'),
    applied: z.boolean().describe('False with dryRun.'),
    layers: z.array(layerOfFile).describe('What the file gives, in the pipeline’s order.'),
    operators: z
      .object({ places: z.array(z.string()), more: z.number().int() })
      .describe(
        'Where it differs from the file that was applied last in what only a start applies: environments, approvals, people and more.',
      ),
    missing: z
      .object({
        workflows: z.array(z.object({ environment: z.string(), workflow: z.string() })),
        more: z.number().int(),
      })
      .describe('What it gives to workflows that nobody pushed yet: nothing is done with it.'),
  })
  .meta({ id: 'AppliedFile' });

/** The settings of a whole file at once. */
export function applyRoute(app: ApiServer, context: ApiContext): void {
  app.post(
    '/apply',
    {
      bodyLimit: LONGEST_BODY,
      config: takes('deploy'),
      schema: {
        tags: ['environments'],
        operationId: 'applyFile',
        summary: 'Bring the settings of a towpath.yaml into force',
        description:
          'At once where an environment asks for no approval, as a proposal (202) where it does; all of it or nothing. What else stands in the file is applied at a start only.',
        body: closedObject({
          file: z.string().max(LONGEST_FILE).describe('The text of the file.'),
          dryRun: z.boolean().default(false).describe('Only says what would be done.'),
          plan: z.string().max(100).optional().describe('From an answer with dryRun: do that, or nothing.'),
          reason: reason.optional(),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 200: applyAnswer, 202: applyAnswer, ...refusals(403, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { file, dryRun, plan, reason: why, onBehalfOf: person } = request.body;
      const actor = personBehind(context, request, person);
      const asked = { actor, configuration: read(file), dryRun, ...given({ plan, reason: why }) };
      const view = await context.useCases.applyFile(asked);
      reply.code(view.layers.some(({ outcome }) => outcome === 'proposed') ? 202 : 200);
      return { ...view, layers: view.layers.map(presentLayer) };
    },
  );
}

/** @throws RequestProblem invalid_input, with every line that is wrong */
function read(file: string): TowpathConfiguration {
  try {
    return parseTowpathYaml(file, { fileName: 'towpath.yaml' });
  } catch (error) {
    if (!(error instanceof InvalidConfigurationError)) throw error;
    const problems = error.problems.map(({ where, message }) => ({ path: where, message }));
    const told = problems.slice(0, MOST_TOLD).map(({ path, message }) => `${path}: ${message}`);
    const more = problems.length > MOST_TOLD ? `; and ${problems.length - MOST_TOLD} more` : '';
    throw new RequestProblem('invalid_input', `The file can’t be used: ${told.join('; ')}${more}.`, { problems });
  }
}

function presentLayer(layer: FileLayerView): z.infer<typeof layerOfFile> {
  const { environment, workflow, proposal, refusal, ...rest } = layer;
  return {
    ...rest,
    refusal: refusal && { ...refusal, message: plain(refusal.message) },
    environment: environment.name,
    workflow: workflow?.slug ?? null,
    proposal: proposal && presentProposal(proposal),
  };
}
