// What widgets share and compute with, on the file as it is.
import assert from "node:assert/strict";
import test from "node:test";

import { clip, fixed, line, number, scale, share, signed, unpack } from "../../src/unrolled/widgets/shared.js";

test("a scale takes its ends to its ends, also backwards, and a range of one value to the start", () => {
  const up = scale([0, 10], [300, 40]);
  assert.deepEqual([0, 5, 10].map(up), [300, 170, 40]);
  assert.equal(scale([3, 3], [40, 300])(3), 40);
});

test("a line has a gap where a point is not finite", () => {
  assert.equal(line([[0, 1], [1, 2], [2, NaN], [3, Infinity], [4, 5], [6, 7]]), "M0.0 1.0L1.0 2.0M4.0 5.0L6.0 7.0");
  assert.equal(line([]), "");
});

test("a number is said as readers write it, whatever its size", () => {
  const said = {
    "1.50": 1.5, "0.00": 0, "0.04": 0.04, "0.0042": 0.0042, "3.0 × 10⁻¹²": 3e-12,
    "−2.50": -2.5, "−2.4 × 10⁻⁵": -2.4e-5, "1.0 × 10⁶": 1e6,
    "infinity": Infinity, "−infinity": -Infinity,
  };
  for (const [words, value] of Object.entries(said)) assert.equal(number(value).replaceAll("\u00a0", " "), words);
  assert.equal(number(NaN), "not a number");
  assert.equal(number(1234.5, 0), "1235");
});

test("a fixed number has two places, and no zero has a sign", () => {
  assert.deepEqual([0.14, -0.14, -0.001, 0].map(fixed), ["0.14", "−0.14", "0.00", "0.00"]);
});

test("a value is held between two others", () => {
  assert.deepEqual([-2, 0.5, 2].map((value) => clip(value, 0, 1)), [0, 0.5, 1]);
});

test("a colour says sign and size, and what lies beyond is the full hue", () => {
  assert.match(signed(-0.5), /--u-negative\) 50%/);
  assert.match(signed(7), /--u-positive\) 100%/);
  assert.match(signed(NaN), /--u-positive\) 0%/);
  assert.match(share(0.25, "loss"), /--u-loss\) 25%/);
  assert.match(share(-1), /--u-positive\) 0%/);
});

test("integers that were packed in Python are numbers again", () => {
  const base64 = btoa(String.fromCharCode(0, 1, 127, 255, 129));
  assert.deepEqual(unpack({ scale: 0.5, base64 }), [0, 0.5, 63.5, -0.5, -63.5]);
});
