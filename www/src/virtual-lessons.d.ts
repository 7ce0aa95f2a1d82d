declare module "virtual:lessons" {
  const lessons: import("../lesson.js").Lesson[];
  export default lessons;
}
