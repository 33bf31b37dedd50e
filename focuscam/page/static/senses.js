/* What is heard and felt, and a screen that stays awake: each off until it is touched. */

const AHEAD_MS = 40;

export class Senses {
  constructor() {
    this.longest = 0.2; // s of a beep, and of the sound once in focus
    this.reached = 1;
    this.sound = this.vibration = false;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {GainNode | null} */
    this.gain = null;
    /** @type {OscillatorNode | null} */
    this.voice = null;
    /** @type {number | null} beeps a second */
    this.beeps = null;
    this.tone = 440;
    this.lit = false;
    this.phase = 0;
    this.then = 0;
    this.until = 0;
    setInterval(() => this.tick(), AHEAD_MS);
  }

  get canVibrate() {
    return typeof navigator.vibrate === "function";
  }

  /** @param {boolean} on */
  setSound(on) {
    this.sound = on;
    if (on && this.context === null) {
      this.context = new AudioContext();
      this.gain = new GainNode(this.context, { gain: 0 });
      this.voice = new OscillatorNode(this.context, { type: "triangle", frequency: 440 });
      this.voice.connect(this.gain).connect(this.context.destination);
      this.voice.start();
    }
    if (on) this.context?.resume();
    else this.hush();
  }

  /** @param {boolean} on */
  setVibration(on) {
    this.vibration = on;
    if (this.canVibrate) navigator.vibrate(on ? 30 : 0);
  }

  /** @param {import("./kinds.js").Reading | null} reading null: nothing is known any more */
  read(reading) {
    const lit = reading?.light === "on";
    if (lit && !this.lit) {
      this.sing(reading.tone, this.reached);
      if (this.vibration) navigator.vibrate(400);
    }
    if (!lit && this.lit) this.hush();
    this.lit = lit;
    this.beeps = reading?.beeps ?? null;
    this.tone = reading?.tone ?? 440;
  }

  tick() {
    const now = performance.now() / 1000, passed = Math.min(now - this.then, 1);
    this.then = now;
    if (this.beeps === null || this.lit) return;
    this.phase += passed * this.beeps;
    if (this.phase < 1) return;
    this.phase %= 1;
    const seconds = Math.min(0.5 / this.beeps, this.longest);
    this.sing(this.tone, seconds);
    if (this.vibration) navigator.vibrate(Math.min(40, seconds * 1000));
  }

  /** @param {number} hz @param {number} seconds */
  sing(hz, seconds) {
    if (!this.sound || !this.context || !this.gain || !this.voice) return;
    const now = this.context.currentTime;
    this.voice.frequency.setValueAtTime(hz, now);
    this.gain.gain.cancelScheduledValues(now);
    this.gain.gain.setTargetAtTime(0.5, now, 0.004);
    this.gain.gain.setTargetAtTime(0, now + seconds, 0.008);
  }

  hush() {
    if (this.context && this.gain) this.gain.gain.setTargetAtTime(0, this.context.currentTime, 0.01);
  }
}

/* The browser's own promise where it gives one, which it does over an SSH tunnel (localhost) alone; else a picture of
   one pixel that is played as a video, for which phones stay awake as well. */
export class Awake {
  constructor() {
    this.wanted = false;
    /** @type {WakeLockSentinel | null} */
    this.lock = null;
    /** @type {HTMLVideoElement | null} */
    this.video = null;
    this.timer = 0;
    document.addEventListener("visibilitychange", () => this.wanted && !document.hidden && this.set(true));
  }

  /** @param {boolean} on @returns {Promise<boolean>} whether the screen stays awake now */
  async set(on) {
    this.wanted = on;
    if (!on) {
      await this.lock?.release();
      this.lock = null;
      this.video?.remove();
      this.video = null;
      clearInterval(this.timer);
      return false;
    }
    if ("wakeLock" in navigator) {
      this.lock = await navigator.wakeLock.request("screen").catch(() => null);
      if (this.lock) return true;
    }
    return this.play();
  }

  async play() {
    if (this.video === null) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 2;
      const draw = canvas.getContext("2d");
      const video = document.createElement("video");
      video.className = "wake";
      video.muted = video.playsInline = true;
      video.setAttribute("aria-hidden", "true");
      video.srcObject = canvas.captureStream(2);
      this.timer = setInterval(() => draw?.fillRect(0, 0, 2, 2), 500);
      document.body.append(video);
      this.video = video;
    }
    return this.video.play().then(() => true, () => false);
  }
}
