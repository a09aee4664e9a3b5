import type { TextObject as SlackText } from '@slack/types';
import { MrkdwnText, PlainText } from './mrkdwn-text.tsx';

/** One of Slack's text objects, plain or mrkdwn. */
export function TextObject({ text }: { text: SlackText }) {
  return text.type === 'mrkdwn' ? <MrkdwnText text={text.text} /> : <PlainText text={text.text} />;
}
