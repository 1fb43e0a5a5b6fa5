// SPDX-License-Identifier: MIT

// Tests count the tensors alive in the process, which tests beside them would change.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
