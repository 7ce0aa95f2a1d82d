module.exports = { testEnvironment: "jsdom", testMatch: ["**/*.jest.cjs"] };
