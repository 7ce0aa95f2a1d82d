export default {
  logLevel: "error",
  base: "./",
  build: { target: "es2022", rolldownOptions: { input: ["index.html", "url.html"] } },
};
