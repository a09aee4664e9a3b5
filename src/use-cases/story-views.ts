/** One line of the story that a card's thread tells. */
export type StoryPayload =
  | { event: 'approved'; by: string; at: string; remaining: string | null }
  | { event: 'deployed'; by: string | null; at: string }
  | { event: 'rejected'; by: string; at: string; reason: string }
  | { event: 'cancelled'; by: string; at: string }
  | { event: 'expired'; at: string }
  | { event: 'stale'; at: string; reason: string }
  | { event: 'review-changed'; at: string; lines: string[] }
  /** A no that only counts. */
  | { event: 'objected'; by: string; at: string; reason: string }
  /** The time that it was scheduled for came, and `lines` say what was missing. */
  | { event: 'schedule-missed'; at: string; lines: string[] }
  /** A replay found answers that are not alike; the least alike first, at most three. Texts are beginnings, and of strangers. */
  | {
      event: 'diverged';
      at: string;
      diverged: number;
      compared: number;
      examples: { input: string; live: string; proposed: string; similarity: number | null }[];
    }
  /** A run of the suite ended, and not all passed; at most five of those. */
  | {
      event: 'tests-failed';
      at: string;
      passed: number;
      total: number;
      failed: { name: string; message: string | null }[];
    }
  | { event: 'source-moved'; at: string; now: string }
  | { event: 'rolled-back'; by: string; at: string; reason: string | null }
  /** `share` in hundredths of a percent; `by` null: nobody's click, but the last thing needed was there. */
  | { event: 'rollout-started'; by: string | null; at: string; share: number }
  | { event: 'rollout-changed'; by: string; at: string; share: number; before: number }
  | { event: 'rollout-finished'; by: string; at: string }
  | { event: 'rollout-aborted'; by: string; at: string; reason: string | null }
  | { event: 'rollout-resumed'; by: string; at: string; share: number }
  /** Its version was rolled back in the environment of that name. */
  | { event: 'rollout-barred'; by: string; at: string; environment: string };

/** A private word to one person about something they are part of: `text` is Slack mrkdwn, at most 2,000 characters. */
export interface NoticePayload {
  text: string;
}
