module.exports = { ...require("./jest.config.cjs"), testEnvironmentOptions: { customExportConditions: ["node", "node-addons"] } };
