import { createHmac } from 'node:crypto';
import { documentWork } from '../../../src/use-cases/document-work.ts';
import type { AllPorts, Documents, Ports } from '../../../src/use-cases/ports.ts';
import { withDocuments } from '../../../src/use-cases/with-documents.ts';

/** Secrets' hashes of tests. */
export function testHash(secret: string): string {
  return createHmac('sha256', 'a key for tests').update(secret).digest('hex');
}

/** Documents read in the thread of the test, however large. */
export const testDocuments: Documents = documentWork(testHash);

export function withTestDocuments(ports: Ports): AllPorts {
  return withDocuments(ports, testDocuments);
}
