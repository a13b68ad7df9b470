import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Names a pure library must not touch: it runs in Node, in a browser and in a worker alike. */
const RUNTIME_GLOBALS = ['process', 'Buffer', 'window', 'document', 'require', '__dirname'];

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'out',
      'dist',
      '.cache',
      '.vscode-test',
      'artifacts',
      'models/recipe/runs',
      '**/.venv',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/{common,text,tokenizer,transformer,attention,protocol}/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...RUNTIME_GLOBALS],
      'no-restricted-imports': ['error', { patterns: ['node:*', 'vscode', 'onnxruntime-node'] }],
    },
  },
  { files: ['test/{host,bench}/**/*.ts', 'src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      sourceType: 'module',
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly' },
    },
  },
  {
    files: ['esbuild.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { require: 'readonly', __dirname: 'readonly', module: 'writable' },
    },
  },
);
