"""Asking name servers about many domains: what a shard's work is, and the two engines that share it out."""
