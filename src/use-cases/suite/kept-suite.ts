import { readSuite } from '../../domain/suite/parse-suite.ts';
import type { Suite } from '../../domain/suite/suite.ts';
import { InvalidDefinitionError } from '../../domain/workflow/invalid-definition-error.ts';
import type { JsonObject } from '../../domain/workflow/json.ts';
import { pathText } from '../../domain/workflow/source/source-scan.ts';
import type { Documents, SuiteRevision } from '../ports.ts';

/** A suite as it is kept, read where nobody waits for it. @throws InvalidDefinitionError where an earlier release took what this one does not */
export async function keptSuite(
  documents: Pick<Documents, 'suiteJson'>,
  { source, fileName }: Pick<SuiteRevision, 'source' | 'fileName'>,
): Promise<Suite> {
  const document = JSON.parse(
    await documents.suiteJson({ source, ...(fileName !== null && { fileName }) }),
  ) as JsonObject;
  return readSuite({
    document,
    refuse: (problems) => {
      const placed = problems.map(({ path, message }) => ({ path: pathText(path), message }));
      throw new InvalidDefinitionError(placed, fileName ?? undefined);
    },
  });
}
