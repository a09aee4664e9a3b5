import { createHash } from 'node:crypto';
import { parseSuite } from '../../domain/suite/parse-suite.ts';
import type { Suite } from '../../domain/suite/suite.ts';
import { InvalidDefinitionError } from '../../domain/workflow/invalid-definition-error.ts';
import {
  type KeyedHash,
  type MaskedDocument,
  maskSource,
  pushedLine,
} from '../../domain/workflow/secrets/mask-source.ts';
import type { PushedDocument, TakenSuite } from '../ports/documents.ts';

const MOST_TOLD = 20;

/** Secrets go first, so that nothing that is said or thrown afterwards can hold one. @throws InvalidDefinitionError */
export async function takeSuite(
  { source, fileName }: Pick<PushedDocument, 'source' | 'fileName'>,
  hash: KeyedHash,
): Promise<TakenSuite> {
  const masked = await maskSource(source, hash, fileName);
  const { name, cases } = readMasked(masked, fileName);
  return {
    ...{ source: masked.source, name, cases: cases.length },
    contentHash: createHash('sha256').update(masked.source).digest('hex'),
    masked: masked.secrets.slice(0, MOST_TOLD),
    moreMasked: Math.max(0, masked.secrets.length - MOST_TOLD),
  };
}

/** Problems are told by the lines of what was given, not of what is left of it. */
function readMasked(masked: MaskedDocument, fileName: string | undefined): Suite {
  try {
    return parseSuite(masked.source, fileName);
  } catch (error) {
    if (!(error instanceof InvalidDefinitionError) || masked.missingLines.length === 0) throw error;
    const problems = error.problems.map((problem) =>
      problem.line === undefined ? problem : { ...problem, line: pushedLine(problem.line, masked.missingLines) },
    );
    throw new InvalidDefinitionError(problems, fileName);
  }
}
