import { z } from 'zod';
import { MAX_FILE_BYTES } from '../state/files.ts';
import { count, parseJsonArgument } from './argument-types.ts';
import { writableConversation } from './conversations.ts';
import { fileJson, fileOfBot } from './file-json.ts';
import { SlackApiError } from './slack-api-error.ts';
import { requireScope, webApiMethod } from './web-api-method.ts';

const filesInfo = webApiMethod(
  'files.info',
  { scope: 'files:read', tier: 'tier4', args: z.object({ file: z.string() }) },
  (state, args) => {
    const file = fileOfBot(state, args.file);
    if (!file) throw new SlackApiError('file_not_found');
    return { file: fileJson(state, file), comments: [], response_metadata: { next_cursor: '' } };
  },
);

const getUploadUrl = webApiMethod(
  'files.getUploadURLExternal',
  { scope: 'files:write', tier: 'tier4', args: z.object({ filename: z.string().min(1), length: count }) },
  (state, args) => {
    if (args.length === 0 || args.length > MAX_FILE_BYTES) throw new SlackApiError('invalid_arguments');
    const pending = state.files.announceUpload(args.filename, args.length);
    return { upload_url: `${state.url}/upload/v1/${pending.id}`, file_id: pending.id };
  },
);

const completedFiles = z
  .array(z.object({ id: z.string(), title: z.string().optional() }))
  .min(1)
  .max(10);

/** Answers before the file can be used, as Slack does: its properties come a moment later. */
const completeUpload = webApiMethod(
  'files.completeUploadExternal',
  {
    scope: 'files:write',
    tier: 'tier4',
    args: z.object({
      files: z.unknown(),
      channel_id: z.string().optional(),
      thread_ts: z.string().optional(),
      initial_comment: z.string().optional(),
    }),
  },
  (state, args) => {
    const parsed = completedFiles.safeParse(parseJsonArgument(args.files, 'invalid_arguments'));
    if (!parsed.success) throw new SlackApiError('invalid_arguments');
    if (args.channel_id !== undefined) requireScope(state, 'chat:write');
    const conversation = args.channel_id === undefined ? null : writableConversation(state, args.channel_id);
    const pending = parsed.data.map(({ id }) => state.files.findPending(id));
    if (pending.some((upload) => !upload?.content)) throw new SlackApiError('file_not_found');
    const { bot, fileReadyAfterMs } = state.settings;
    for (const { id, title } of parsed.data) {
      const upload = state.files.findPending(id);
      if (!upload?.content) continue;
      state.files.forgetPending(id);
      state.files.add({
        ...upload,
        content: upload.content,
        ...(title ? { title } : {}),
        owner: bot.userId,
        readyAfterMs: fileReadyAfterMs,
      });
    }
    if (conversation) {
      state.messages.add({
        channel: conversation.id,
        user: bot.userId,
        botId: bot.botId,
        ...(args.thread_ts ? { threadTs: args.thread_ts } : {}),
        text: args.initial_comment ?? '',
        blocks: [],
        fileIds: parsed.data.map(({ id }) => id),
      });
    }
    return { files: parsed.data.map(({ id, title }) => ({ id, title: title ?? state.files.find(id)?.title ?? '' })) };
  },
);

export const fileMethods = [filesInfo, getUploadUrl, completeUpload];
