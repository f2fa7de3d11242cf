import { tupleSpaceConformance } from '../../conformance.suite.js';
import { openMemorySubject } from './subject.suite.js';

tupleSpaceConformance('the memory store', openMemorySubject);
