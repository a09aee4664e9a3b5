import type { TowpathConfiguration } from '../../domain/configuration/configuration.ts';
import { fileContent, sameContent } from '../../domain/configuration/file-content.ts';
import { type FileTurn, fileTurn } from '../../domain/configuration/file-turn.ts';
import type { Transaction } from '../ports.ts';

/**
 * Numbers what a start brings, where it is new or somebody insists. Called with the workspace held, so that processes that start
 * at once take their turns one after the other.
 */
export async function takeTurn(
  tx: Transaction,
  configuration: TowpathConfiguration,
  isForced: boolean,
): Promise<FileTurn> {
  const { hash } = configuration;
  const applied = {
    newest: await tx.configurationFile.newest(),
    known: await tx.configurationFile.findNumber(hash),
  };
  const turn = fileTurn(hash, applied, isForced);
  if (turn.kind === 'superseded') return turn;
  const content = fileContent(configuration);
  if (turn.kind === 'next') {
    await tx.configurationFile.append({ number: turn.number, hash, content, forced: turn.forced });
    return turn;
  }
  const kept = await tx.configurationFile.content();
  if (kept === null || !sameContent(kept, content)) await tx.configurationFile.saveContent(content);
  return turn;
}
