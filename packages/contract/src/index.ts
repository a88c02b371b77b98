export * from "./operation.ts"
