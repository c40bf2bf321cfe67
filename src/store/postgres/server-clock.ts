/** The clock of the server, which all machines share, from answers that contain its time. */
export class ServerClock {
  private offset = 0;

  /** @param server milliseconds since 1970; @param asked milliseconds of this machine when the question was sent */
  answered(server: number, asked: number): void {
    const received = Date.now();
    // The duration is unknown if the clock was set back in between.
    if (received >= asked) this.offset = server - (asked + received) / 2;
  }

  /** ISO 8601 UTC. */
  now(): string {
    return new Date(Date.now() + this.offset).toISOString();
  }
}
