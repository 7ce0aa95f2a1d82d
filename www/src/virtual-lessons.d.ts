declare module "virtual:lessons" {
  export const groups: import("../lesson.js").Group[];
  /** All of them, in order. */
  const lessons: import("../lesson.js").Lesson[];
  export default lessons;
}
