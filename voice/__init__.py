"""The call itself: audio, turn-taking, recognisers, synthesisers, spoken forms. Knows no channel and no policy."""
