import { z } from 'zod';
import type { BlocksViewLine } from '../../domain/diff/blocks-view.ts';
import { RISK_LEVELS, type Risk } from '../../domain/diff/risk.ts';
import { ask, type Reply, type Server } from './api-client.ts';

const versionSchema = z.object({ number: z.number().int(), label: z.string().nullable() });

/** A comparison as the API gives it. */
const comparisonSchema = z.object({
  workflow: z.string(),
  from: versionSchema.nullable(),
  to: versionSchema,
  diff: z.object({
    sentences: z.array(z.string()),
    more: z.number().int(),
    functional: z.boolean(),
    risk: z.object({ level: z.enum(RISK_LEVELS), reasons: z.array(z.string()) }),
  }),
  inEffect: z
    .object({ environment: z.string(), lines: z.array(z.string()), more: z.number().int() })
    .nullable()
    .default(null),
  total: z.number().int(),
  changes: z.array(
    z.object({
      class: z.string(),
      kind: z.string(),
      path: z.string(),
      sentence: z.string(),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
  blocks: z.array(
    z.object({
      mark: z.enum([' ', '+', '-', '~', '>']),
      depth: z.number().int().min(0).max(1_000),
      text: z.string(),
      path: z.string(),
    }),
  ),
  code: z.object({ text: z.string(), truncated: z.boolean() }),
});

/** What `--json` prints: the API's shape, with files in place of versions where files were compared. */
export interface Comparison {
  readonly workflow: string | null;
  readonly from: Compared | null;
  readonly to: Compared;
  readonly diff: {
    readonly sentences: readonly string[];
    readonly more: number;
    readonly functional: boolean;
    readonly risk: Risk;
  };
  /** Left out where files were compared: no settings fill them. */
  readonly inEffect?: z.infer<typeof comparisonSchema>['inEffect'];
  /** All changes, also those that `changes` does not list. */
  readonly total: number;
  readonly changes: readonly z.infer<typeof comparisonSchema>['changes'][number][];
  readonly blocks: readonly BlocksViewLine[];
  readonly code: { readonly text: string; readonly truncated: boolean };
}

type Compared = z.infer<typeof versionSchema> | { readonly file: string };

/** Two versions or environments of a workflow, compared by the server. */
export function getComparison(
  server: Server,
  { workflow, from, to }: { workflow: string; from: string; to: string },
): Promise<Reply<z.infer<typeof comparisonSchema>>> {
  const query = new URLSearchParams({ from, to });
  return ask(server, `/api/v1/workflows/${encodeURIComponent(workflow)}/diff?${query}`, comparisonSchema);
}
