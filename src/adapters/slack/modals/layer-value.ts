import { z } from 'zod';
import type { Addressee } from '../answers/send-privately.ts';

/** Which layer of settings a button or form is about: looked up again whenever it is used. */
export const layerValue = z.object({ environment: z.string(), workflow: z.string().optional() });
export type LayerValue = z.infer<typeof layerValue>;

/** Where the person is told how it went. */
export const addressedTo = z.object({ channelId: z.string().optional(), responseUrl: z.string().optional() });

export function carriedAddress({ channelId, responseUrl }: Addressee): z.infer<typeof addressedTo> {
  return { ...(channelId !== undefined && { channelId }), ...(responseUrl !== undefined && { responseUrl }) };
}

export function addressee(userId: string, { channelId, responseUrl }: z.infer<typeof addressedTo>): Addressee {
  return {
    userId,
    ...(channelId !== undefined && { channelId }),
    ...(responseUrl !== undefined && { responseUrl }),
  };
}

/** The request of a use case for that layer. */
export function layerOf({ environment, workflow }: LayerValue): { environment: string; workflow?: string } {
  return { environment, ...(workflow !== undefined && { workflow }) };
}
