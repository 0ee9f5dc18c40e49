"""The action tracker: what a business decides about each action, with proof notes and a full history. Never holds details of workers."""
