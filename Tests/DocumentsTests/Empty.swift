// placeholder until the target's first test
