import { z } from 'zod';
import type { DiffPicture, PictureReader, PictureWriter, VersionPair } from '../../use-cases/ports/pictures.ts';
import { type Context, isUuid, parseFirst } from './context.ts';
import { newJob, queueOfPictures } from './jobs.ts';

const attempts = z.int();
const PictureRow: z.ZodType<DiffPicture> = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['uploading', 'ready']), attempts, fileId: z.string(), alt: z.string() }),
  z.object({ state: z.literal('drawing'), attempts }),
  z.object({ state: z.enum(['none', 'failed']), attempts }),
]);
const ERROR_LENGTH = 2000;

export function pictureReader({ db, workspaceId }: Context): PictureReader {
  return {
    find: (pair) =>
      parseFirst(
        db.$queryRaw`
          SELECT state, attempts, file_id AS "fileId", alt FROM diff_picture
          WHERE workspace_id = ${workspaceId} AND pair = ${keyOf(pair)}`,
        PictureRow,
      ),
  };
}

export function pictureWriter(context: Context): PictureWriter {
  const { db, workspaceId } = context;
  return {
    async ask(promotionId) {
      const promotion = isUuid(promotionId)
        ? await db.promotion.findFirst({ where: { id: promotionId, workspaceId }, select: { workflowId: true } })
        : null;
      if (promotion === null) return;
      const options = { queue: queueOfPictures(promotion.workflowId), key: `picture:${promotionId}` };
      context.outbox.jobs.push(newJob('draw-card-picture', { promotionId }, options));
    },
    async begin(pair) {
      const row = await parseFirst(
        db.$queryRaw`
          INSERT INTO diff_picture (workspace_id, pair, state, attempts, changed_at)
          VALUES (${workspaceId}, ${keyOf(pair)}, 'drawing', 1, ${context.clock.now})
          ON CONFLICT (workspace_id, pair) DO UPDATE SET attempts = diff_picture.attempts + 1, changed_at = excluded.changed_at
          RETURNING state, attempts, file_id AS "fileId", alt`,
        PictureRow,
      );
      if (row === null) throw new Error('The database kept no picture.');
      return row;
    },
    async save(pair, change) {
      const { fileId, alt } = 'fileId' in change ? change : { fileId: null, alt: null };
      const error = 'error' in change ? change.error.slice(0, ERROR_LENGTH) : null;
      await db.$executeRaw`
        INSERT INTO diff_picture (workspace_id, pair, state, file_id, alt, error, changed_at)
        VALUES (${workspaceId}, ${keyOf(pair)}, ${change.state}, ${fileId}, ${alt}, ${error}, ${context.clock.now})
        ON CONFLICT (workspace_id, pair) DO UPDATE SET state = excluded.state, file_id = excluded.file_id,
          alt = excluded.alt, error = excluded.error, changed_at = excluded.changed_at`;
    },
  };
}

function keyOf({ from, to }: VersionPair): string {
  return `${from ?? ''}>${to}`;
}
