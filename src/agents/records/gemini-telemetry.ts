import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { amountOf, fieldsOf } from '../acp/wire.ts';
import { configuresTelemetry } from './gemini-settings.ts';
import type { RunPlace, RunRecord, RunSpend } from './run-record.ts';
import { added, noSpend } from './sums.ts';

const CHUNK_BYTES = 1 << 18;
/** Characters of an entry; longer ones are no calls. */
const MAX_ENTRY = 1 << 22;
/** Bytes of the file before it is emptied: Gemini CLI adds all of its metrics every 10 s. */
const MAX_FILE_BYTES = 1 << 23;
const CALL = '"gemini_cli.api_response"';
const READ_WRITE = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** The role of the calls that a chat has. */
const CONVERSATION = 'main';

/** The telemetry of Gemini CLI, in a file of this machine. Undefined if its telemetry is configured. */
export async function geminiTelemetry({ folder, env, cwd }: RunPlace): Promise<RunRecord | undefined> {
  return (await configuresTelemetry(env, cwd)) ? undefined : new GeminiTelemetry(folder);
}

/** Calls of the model appear in the file up to 5 s after they ended, in their order. */
class GeminiTelemetry implements RunRecord {
  readonly env;
  private readonly folder: string;
  private readonly path: string;
  private readonly decoder = new StringDecoder('utf8');
  private file: FileHandle | undefined;
  private position = 0;
  private text = '';
  private spend: RunSpend | undefined;

  constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, 'telemetry.log');
    this.env = {
      GEMINI_TELEMETRY_ENABLED: 'true',
      GEMINI_TELEMETRY_TARGET: 'local',
      GEMINI_TELEMETRY_OUTFILE: this.path,
      GEMINI_TELEMETRY_LOG_PROMPTS: 'false',
      GEMINI_TELEMETRY_TRACES_ENABLED: 'false',
      GEMINI_TELEMETRY_USE_COLLECTOR: 'false',
    };
  }

  async read(): Promise<RunSpend | undefined> {
    await this.readOn().catch(() => {});
    return this.spend;
  }

  async dispose(): Promise<void> {
    await this.file?.close().catch(() => {});
    this.file = undefined;
    await rm(this.folder, { recursive: true, force: true }).catch(() => {});
  }

  private async readOn(): Promise<void> {
    // A command of the task can put a link or a pipe there.
    this.file ??= await open(this.path, READ_WRITE);
    const stats = await this.file.stat();
    if (!stats.isFile()) return;
    const { size } = stats;
    if (size < this.position) this.position = 0;
    while (this.position < size) {
      const { bytesRead, buffer } = await this.file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, this.position);
      if (bytesRead === 0) break;
      this.position += bytesRead;
      this.take(this.decoder.write(buffer.subarray(0, bytesRead)));
    }
    // An entry that is written at this moment is lost; then the calls of the record show that some are missing.
    if (this.position > MAX_FILE_BYTES) await this.file.truncate(0);
  }

  /** Takes each entry that is complete: an object over several lines, of which only the last one is a single brace. */
  private take(text: string): void {
    this.text += text;
    const entries = this.text.split(/^\}\n/m);
    this.text = entries.pop() ?? '';
    if (this.text.length > MAX_ENTRY) this.text = '';
    for (const entry of entries) if (entry.includes(CALL)) this.count(`${entry}}`);
  }

  private count(entry: string): void {
    const call = attributesOf(entry);
    if (call === undefined) return;
    const input = (amountOf(call.input_token_count) ?? 0) + (amountOf(call.tool_token_count) ?? 0);
    const output = (amountOf(call.output_token_count) ?? 0) + (amountOf(call.thoughts_token_count) ?? 0);
    const total = amountOf(call.total_token_count) ?? input + output;
    const part = call.role === CONVERSATION ? 'recorded' : 'beside';
    const spend = this.spend ?? { recorded: noSpend, beside: noSpend };
    this.spend = { ...spend, [part]: added(spend[part], { input, output, total, cost: undefined }) };
  }
}

function attributesOf(entry: string): ReturnType<typeof fieldsOf> {
  try {
    return fieldsOf(fieldsOf(JSON.parse(entry))?.attributes);
  } catch {
    return undefined; // the rest of an entry that was cut off
  }
}
