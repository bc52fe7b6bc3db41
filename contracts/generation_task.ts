// Generated from wearon_common.task by `wearon-dev contracts`.

export interface TaskFields {
  task_id: string;
  session_id: string;
  /** The person first, then the garment and any accessories */ image_urls: [string, ...string[]];
  /** May be empty: the generator then uses its default prompt */ prompt: string;
  /** The client's correlation id, verbatim */ request_id: string;
  version: 1;
  created_at: string;
}

export interface B2cGenerationTask extends TaskFields {
  channel: "b2c";
  user_id: string;
  store_id?: null;
}

export interface B2bGenerationTask extends TaskFields {
  channel: "b2b";
  store_id: string;
  user_id?: null;
}

export type GenerationTask = B2cGenerationTask | B2bGenerationTask;
